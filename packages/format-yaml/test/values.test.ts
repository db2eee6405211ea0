import { yaml } from '@x/format-yaml';
import { Decimal, type Value } from '@x/formats';
import { readRows, writeRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

const valueOf = async (text: string, options?: object) =>
  (await readRows(yaml(), `a: ${text}\n`, options)).rows[0]![0];

describe('scalars', () => {
  test.each([
    ['', null],
    ['~', null],
    ['Null', null],
    ['TRUE', true],
    ['false', false],
    ['yes', 'yes'],
    ['"true"', 'true'],
    ["'1'", '1'],
    ['9223372036854775807', 2n ** 63n - 1n],
    ['-9007199254740993', -9007199254740993n],
    ['0.10', new Decimal('0.10')],
    ['3.14159265358979323846', new Decimal('3.14159265358979323846')],
    ['1e400', new Decimal('1e400')],
    ['.5', new Decimal('0.5').toNumber()],
    ['-5.', -5],
    ['0x1F', 31],
    ['0xFFFFFFFFFFFFFFFF', 2n ** 64n - 1n],
    ['.NaN', Number.NaN],
    // Two versions of YAML, two numbers.
    ['007', '007'],
    ['1_000', '1_000'],
    ['1:30', '1:30'],
    ['2024-02-29', '2024-02-29'],
    ['.', '.'],
    ['!!str 5', '5'],
    ['! 5', '5'],
    ['!!float 5', 5],
    ['!!int "5"', 5],
    ['!!timestamp 2001-12-14t21:59:43.10-05:00', new Date('2001-12-15T02:59:43.100Z')],
    ['!!timestamp 2024-02-29', new Date('2024-02-29T00:00:00Z')],
    ['!!set {x, y}', { x: null, y: null }],
    ['!!omap [x: 1, y: 2]', [{ x: 1 }, { y: 2 }]],
  ] as [string, Value][])('%s', async (text, value) => {
    expect(await valueOf(text)).toEqual(value);
  });

  test.each([
    ['!!int x', 'CORRUPT'],
    ['!!bool 1', 'CORRUPT'],
    ['!!binary "@@"', 'CORRUPT'],
    ['!Ref x', 'UNSUPPORTED'],
    ['!!python/object/apply:os.system ["ls"]', 'UNSUPPORTED'],
    ['!!js/function "function(){}"', 'UNSUPPORTED'],
    ['{[1]: 2}', 'UNSUPPORTED'],
  ])('%s is refused', async (text, code) => {
    await expect(valueOf(text)).rejects.toMatchObject({
      code,
      format: 'yaml',
      line: 1,
      column: expect.any(Number),
      hint: expect.any(String),
    });
  });

  test('unknown tags are passed where that is asked for', async () => {
    expect(await valueOf('!Ref x', { unknownTags: 'ignore' })).toBe('x');
    expect(await valueOf('!x [!y 1]', { unknownTags: 'ignore' })).toEqual([1]);
  });
});

describe('mappings', () => {
  test('keys are text, in their order, whatever they are', async () => {
    const { names, rows } = await readRows(
      yaml(),
      'b: 1\n2024: 2\n__proto__: 3\n1.0: 4\n? long key\n: 5\n"": 6\n',
    );
    expect([names, rows]).toEqual([['b', '2024', '__proto__', '1.0', 'long key', ''], [[1, 2, 3, 4, 5, 6]]]);
  });

  test('a member called __proto__ is one', async () => {
    const value = await valueOf('{__proto__: {x: 1}, constructor: 2}');
    expect(Object.entries(value as object)).toEqual([
      ['__proto__', { x: 1 }],
      ['constructor', 2],
    ]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test('a key twice is refused, with its line', async () => {
    await expect(readRows(yaml(), '- a: 1\n- b: 1\n  c: 2\n  b: 3\n')).rejects.toMatchObject({
      code: 'DUPLICATE_KEY',
      line: 4,
      column: 3,
      row: 2,
    });
  });

  test('merge keys', async () => {
    const text = '- &base {x: 1, y: 2}\n- <<: *base\n  y: 3\n- <<: [{z: 1}, *base, {x: 9}]\n- "<<": text\n';
    const { names, rows } = await readRows(yaml(), text);
    expect(names).toEqual(['x', 'y', 'z', '<<']);
    expect(rows).toEqual([
      [1, 2, undefined, undefined],
      [1, 3, undefined, undefined],
      [1, 2, 1, undefined],
      [undefined, undefined, undefined, 'text'],
    ]);
    await expect(readRows(yaml(), '<<: 5\n')).rejects.toMatchObject({ code: 'CORRUPT' });
  });
});

describe('what is written', () => {
  test('is in block style, with quotes where they are needed', async () => {
    const names = ['id', 'on', 'tags', 'sub', 'when'];
    const rows: Value[][] = [
      [1, 'yes', ['a', ['b', {}], []], { x: { y: [1] } }, new Date('2024-02-29T12:00:00Z')],
      [new Decimal('0.10'), 'Ada Lovelace', undefined, null, Uint8Array.of(1, 2, 3)],
    ];
    expect((await writeRows(yaml(), names, rows)).toString()).toBe(`- id: 1
  "on": "yes"
  tags:
    - a
    - - b
      - {}
    - []
  sub:
    x:
      "y":
        - 1
  when: 2024-02-29T12:00:00.000Z
- id: 0.10
  "on": Ada Lovelace
  sub: null
  when: !!binary "AQID"
`);
    expect((await writeRows(yaml(), ['a'], [[1], [undefined]], { layout: 'documents' })).toString()).toBe(
      '---\na: 1\n---\n{}\n',
    );
  });

  test('a key that is longer than YAML lets keys be', async () => {
    const names = ['x'.repeat(2000)];
    expect(
      (await readRows(yaml(), await writeRows(yaml(), names, [[{ ['y'.repeat(3000)]: 1 }]]))).rows,
    ).toEqual([[{ ['y'.repeat(3000)]: 1 }]]);
  });
});
