import { toml } from '@x/format-toml';
import { Day } from '@x/formats';
import { MemorySource, readRows, writeRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

describe('which tables are rows', () => {
  test('those of the array, wherever it is', async () => {
    const text =
      'x = 1\n[a]\ny = 2\n[[a.b]]\nid = 1\n[a.b.sub]\nz = 3\n[[c]]\nid = 7\n[[ a . "b" ]] # more\nid = 2\n';
    const { names, rows } = await readRows(toml(), text, { table: 'a.b' });
    expect([names, rows]).toEqual([
      ['id', 'sub'],
      [
        [1, { z: 3 }],
        [2, undefined],
      ],
    ]);
    expect((await readRows(toml(), text, { table: 'c' })).rows).toEqual([[7]]);
  });

  test('a list of tables in braces, a table, or the document itself', async () => {
    expect((await readRows(toml(), 'rows = [{ a = 1 }, { b = 2 }]\n')).rows).toEqual([
      [1, undefined],
      [undefined, 2],
    ]);
    expect((await readRows(toml(), 'x = 1\n[y]\nz = 2\n')).rows).toEqual([[1, { z: 2 }]]);
    expect((await readRows(toml(), 'x = 1\n[y]\nz = 2\n', { table: 'y' })).rows).toEqual([[2]]);
    expect((await readRows(toml(), '')).rows).toEqual([]);
    expect((await readRows(toml(), '# nothing\n')).rows).toEqual([]);
  });

  test.each([
    ['something in front', 'x = 1\n[[rows]]\na = 1\n', {}],
    ['another table behind', '[[rows]]\na = 1\n[x]\nb = 1\n', {}],
    ['another array', '[[rows]]\na = 1\n[[x]]\nb = 1\n', {}],
    ['a list beside another value', 'rows = [{ a = 1 }]\nx = 1\n', {}],
    ['no such table', 'x = 1\n', { table: 'y' }],
    ['a table that is a number', 'x = 1\n', { table: 'x' }],
  ])('%s is refused, and nothing guessed', async (_, text, options) => {
    await expect(readRows(toml(), text, options)).rejects.toMatchObject({
      code: 'NOT_A_LIST',
      hint: expect.stringContaining('table'),
    });
  });

  test('what looks like the header of a row in a text is text', async () => {
    const looks = "'''\n[[rows]]\n'''";
    const text = `[[rows]]\na = ${looks}\n[[rows]]\na = ['''x'''', ${looks}]\n[[rows]]\na = """\\"""\n[[rows]]\n"""\n`;
    expect((await readRows(toml(), text)).rows).toEqual([
      ['[[rows]]\n'],
      [["x'", '[[rows]]\n']],
      ['"""\n[[rows]]\n'],
    ]);
  });

  test('rows are read as they come', async () => {
    const text = Buffer.from('[[rows]]\na = "x"\n'.repeat(20_000));
    const source = new MemorySource(text, 4096);
    for await (const _ of toml().createReader(source)) break;
    expect(source.given).toBeLessThan(text.length / 4);
    expect((await readRows(toml(), text, { maxRecordBytes: 100 })).rows).toHaveLength(20_000);
  });
});

describe('limits', () => {
  test.each([
    ['a row', `[[rows]]\na = 1\n[[rows]]\na = "${'x'.repeat(2000)}"\n`, 3],
    ['a document', `a = "${'x'.repeat(2000)}"\n`, 1],
    ['a text without an end', `a = """${'x\n'.repeat(2000)}`, 1],
  ])('%s that is too long', async (_, text, line) => {
    await expect(readRows(toml(), text, { maxRecordBytes: 1000 })).rejects.toMatchObject({
      code: 'LIMIT',
      line,
    });
  });

  test.each([
    ['lists', `a = ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['tables', `a = ${'{a='.repeat(50_000)}1${'}'.repeat(50_000)}`],
    ['names', `a${'.a'.repeat(1000)} = 1`],
    ['headers', `[a${'.a'.repeat(1000)}]`],
    ['lists that are not closed', `a = ${'['.repeat(50_000)}`],
  ])('%s inside each other', async (_, text) => {
    await expect(readRows(toml(), text)).rejects.toMatchObject({ code: 'LIMIT', hint: 'raise maxDepth' });
  });

  test('names that objects have', async () => {
    const { names, rows } = await readRows(
      toml(),
      '[[rows]]\n2024 = 1\n__proto__.x = 2\nconstructor = 3\na = { __proto__ = { x = 1 } }\n',
    );
    expect(names).toEqual(['2024', '__proto__', 'constructor', 'a']);
    expect(rows[0]!.slice(0, 3)).toEqual([1, { x: 2 }, 3]);
    expect(Object.entries(rows[0]![3] as object)).toEqual([['__proto__', { x: 1 }]]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

describe('what cannot be written', () => {
  test.each([[[null]], [{ x: [1, undefined] }], [2n ** 63n], [new Date(8.64e15)], ['\ud83d']])(
    '%o, with row and column',
    async (value) => {
      await expect(
        writeRows(
          toml(),
          ['a', 'b'],
          [
            [1, 1],
            [2, value as never],
          ],
        ),
      ).rejects.toMatchObject({
        code: 'UNREPRESENTABLE',
        row: 2,
        field: 'b',
        hint: expect.any(String),
      });
    },
  );

  test('options that are none', () => {
    expect(() => toml().createWriter({ write: () => undefined }, { table: 'a b' })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', problem: expect.stringContaining('table') }),
    );
    expect(() => toml().createReader([] as never, { maxRecordBytes: 0 })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });
});

test('a day comes back as one, and is not put in quotes', async () => {
  const file = '[[rows]]\nday = 2024-02-29\n\n';
  const { rows } = await readRows(toml(), file);
  expect(Day.is(rows[0]![0])).toBe(true);
  expect((await writeRows(toml(), ['day'], rows)).toString()).toBe(file);
});
