import { toml } from '@x/format-toml';
import { Day, Decimal, type Value } from '@x/formats';
import { readRows, writeRows } from '@x/formats/contract-suite';
import { parse, stringify, TomlDate } from 'smol-toml';
import { describe, expect, test } from 'vitest';

describe('with smol-toml', () => {
  const names = ['id', 'name', 'ratio', 'ok', 'tags', 'sub', 'items', 'two words'];
  const rows: Value[][] = Array.from({ length: 200 }, (_, i) => [
    i - 100,
    ['plain', 'say "hi" \\ \u007f', '[[rows]]\n"""\n\'\'\'', '# no comment', ''][i % 5]!,
    i / 7 + 0.001,
    i % 2 === 0,
    ['a', 1, [0.5, true]],
    { a: i, 'b c': { d: 'é' } },
    [{ x: 1 }, { x: 2, y: { z: [] } }],
    2n ** 60n + BigInt(i),
  ]);
  const objects = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));

  test('what it writes is read', async () => {
    // It puts the tables behind the other values.
    const { rows: found } = await readRows(toml(), stringify({ rows: objects }), { columns: names });
    expect(found).toEqual(rows);
  });

  test('what is written is read by it', async () => {
    const file = (await writeRows(toml(), names, rows)).toString();
    const found = parse(file, { integersAsBigInt: 'asNeeded' });
    expect(JSON.stringify(found, bigints)).toBe(JSON.stringify({ rows: objects }, bigints));
  });

  test('dates, times and numbers that look whole', async () => {
    const day = new Date('2024-02-29T00:00:00Z');
    const file = await writeRows(
      toml(),
      [
        ['day', { kind: 'date' }],
        ['at', { kind: 'timestamp', unit: 'ms', zoned: true }],
        ['wall', { kind: 'timestamp', unit: 'ms', zoned: false }],
        ['n', { kind: 'float64' }],
        'd',
      ],
      [[day, day, day, 3, new Decimal('0.10')]],
    );
    expect(file.toString()).toBe(
      '[[rows]]\nday = 2024-02-29\nat = 2024-02-29T00:00:00.000Z\nwall = 2024-02-29T00:00:00.000\nn = 3.0\nd = 0.10\n\n',
    );
    const [row] = parse(file.toString())['rows'] as Record<string, TomlDate>[];
    expect([row!['day']!.isDate(), row!['at']!.isLocal(), row!['wall']!.isLocal()]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

// https://toml.io/en/v1.0.0, and cases of https://github.com/toml-lang/toml-test.
describe('the specification', () => {
  test.each([
    ['a = 0xDEAD_BEEF', 0xdeadbeef],
    ['a = 0o755', 0o755],
    ['a = 0b1101', 13],
    ['a = +99', 99],
    ['a = 1_000', 1000],
    ['a = 9_223_372_036_854_775_807', 2n ** 63n - 1n],
    ['a = -9007199254740993', -9007199254740993n],
    ['a = 5e+22', 5e22],
    ['a = 6.626e-34', 6.626e-34],
    ['a = 224_617.445_991_228', 224617.445991228],
    ['a = 0.10', new Decimal('0.10')],
    ['a = 1.0', 1],
    ['a = -0.0', -0],
    ['a = -inf', -Infinity],
    ['a = +nan', Number.NaN],
    ['a = 1e1000', new Decimal('1e1000')],
    ['a = 1979-05-27T00:32:00.999999-07:00', new Date('1979-05-27T07:32:00.999Z')],
    ['a = 1979-05-27 07:32:00z', new Date('1979-05-27T07:32:00Z')],
    ['a = 1979-05-27 07:32:00.5', '1979-05-27T07:32:00.5'],
    ['a = 1979-05-27', new Day('1979-05-27')],
    ['a = [1979-05-27]', [new Day('1979-05-27')]],
    ['a = 07:32:00', '07:32:00'],
    ["a = '''\n[[rows]]\\'''", '[[rows]]\\'],
    ['a = """\nx \\\n   y"""', 'x y'],
    ['a = """""two quotes"""""', '""two quotes""'],
    ["a = ''''x''''", "'x'"],
    ['a = [\n  [[1, 2]],\n  ["a # b"], # c\n]', [[[1, 2]], ['a # b']]],
    ['a = { x = 1, y.z = [ { p = 2 } ] }', { x: 1, y: { z: [{ p: 2 }] } }],
    ['a."b c"."".d = 1', { 'b c': { '': { d: 1 } } }],
    ['[[rows]]\n[rows.a]\nx = 1\n[rows.a.b]\ny = 2', { x: 1, b: { y: 2 } }],
    ['[[rows]]\n[[rows.a]]\nx = 1\n[[rows.a]]\n[rows.a.y]\nz = 2', [{ x: 1 }, { y: { z: 2 } }]],
  ] as [string, Value][])('%s', async (text, value) => {
    for (const file of [text, text.startsWith('[[') ? `${text}\n` : `[[rows]]\n${text}\r\n`]) {
      const {
        rows: [row],
      } = await readRows(toml(), file);
      expect(row![0]).toEqual(value);
    }
  });

  test.each([
    ['a = 1\na = 2', 2],
    ['a = 01', 1],
    ['a = 1.', 1],
    ['a = 2021-13-01', 1],
    ['a = "\\x"', 1],
    ['a = {x = 1,}', 1],
    ['a = "x\ny"', 1],
    ['a.b = 1\na = 2', 2],
    ['[[rows]]\nx = 1\n[rows]\ny = 2', 3],
    ['[[rows]]\nx = 1\n[[rows]]\ny = \n', 5],
  ])('%s is refused in its line', async (text, line) => {
    await expect(readRows(toml(), text)).rejects.toMatchObject({
      format: 'toml',
      code: expect.stringMatching(/CORRUPT|TRUNCATED/),
      line,
    });
  });
});
