import { fixedWidth } from '@x/format-fixed-width';
import { FormatError } from '@x/formats';
import { MemorySource, readRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

const fields = [
  { name: 'id', width: 4 },
  { name: 'name', width: 6 },
  { name: 'amount', width: 5, start: 12 },
] as const;

async function failure(file: string | Uint8Array, options?: object): Promise<unknown> {
  try {
    await readRows(fixedWidth(), file, options);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('with fields', () => {
  test('cells are cut at their places, and blanks around them taken off', async () => {
    const { names, rows } = await readRows(
      fixedWidth(),
      '0001Ada   xx 1.50\r\n0002 Zoë\n\n   3Bo  b   \u00a0 -7\n',
      { fields },
    );
    expect(names).toEqual(['id', 'name', 'amount']);
    expect(rows).toEqual([
      ['0001', 'Ada', '1.50'],
      ['0002', 'Zoë', null],
      ['3', 'Bo  b', '\u00a0 -7'],
    ]);
  });

  test('a character is one, however many units it has', async () => {
    const { rows } = await readRows(fixedWidth(), '😀😀 😀Zoë   😀😀   12\n', { fields });
    expect(rows).toEqual([['😀😀 😀', 'Zoë', '12']]);
  });

  test('lines in front are left out', async () => {
    const { rows } = await readRows(fixedWidth(), 'REPORT\nof today, longer than a line\n0001Ada\n', {
      fields,
      headerLines: 2,
    });
    expect(rows).toEqual([['0001', 'Ada', null]]);
  });

  test('types are found out as of any text, and lose nothing', async () => {
    const { rows } = await readRows(fixedWidth(), '0001   7  xx 1.50\n0002  12  xx    3\n', {
      fields,
      types: 'infer',
    });
    expect(rows).toEqual([
      ['0001', 7, 1.5],
      ['0002', 12, 3],
    ]);
  });

  test('text behind the last field is refused, or its row left out', async () => {
    const file = '0001Ada   xx 1.50\n0002Zoë   xx 1.50 more\n0003Bo\n';
    expect(await failure(file, { fields })).toMatchObject({
      code: 'RAGGED_ROW',
      line: 2,
      column: 19,
      row: 2,
    });
    const told: unknown[] = [];
    const onBadRow = (error: FormatError, record: Uint8Array) =>
      void told.push([error.row, Buffer.from(record).toString()]);
    const { rows } = await readRows(fixedWidth(), file, { fields, onBadRow });
    expect(rows.map(([id]) => id)).toEqual(['0001', '0003']);
    expect(told).toEqual([[2, '0002Zoë   xx 1.50 more']]);
  });

  test.each([
    [{ fields: [] }, 'fields'],
    [{ fields: [{ name: 'a', width: 0 }] }, 'width'],
    [{ fields: [{ name: '', width: 1 }] }, 'name'],
    [
      {
        fields: [
          { name: 'a', width: 3 },
          { name: 'b', width: 3, start: 2 },
        ],
      },
      'starts',
    ],
    [
      {
        fields: [
          { name: 'a', width: 3 },
          { name: 'a', width: 3 },
        ],
      },
      'twice',
    ],
    [{ headerLines: 1 }, 'headerLines'],
    [{ fields, ruler: true }, 'ruler'],
    [{ fields: [{ name: 'a', width: 1, pad: '0' }] }, 'pad'],
    [{ emptyRows: 'x' }, 'emptyRows'],
    [{ fields, headerLines: -1 }, 'headerLines'],
    [{ maxLineLength: 0 }, 'maxLineLength'],
    [{ ruler: 'no' }, 'ruler'],
  ])('%j is refused', (options, what) => {
    expect(() => fixedWidth().createReader(new MemorySource(new Uint8Array(0)), options as object)).toThrow(
      expect.objectContaining({
        code: 'BAD_OPTION',
        problem: expect.stringContaining(what),
        hint: expect.any(String),
      }),
    );
  });
});

describe('by the first lines', () => {
  const line = (id: string, name: string, amount: string): string =>
    `${id.padStart(4)} ${name.padEnd(12)} ${amount.padStart(6)}`;
  const table = [
    line('id', 'name', 'amount'),
    line('0001', 'Ada Lovelace', '1.50'),
    line('2', 'Zoë', '7'),
    line('3', '😀', '-12'),
    '',
  ];

  test('columns are told apart by what is blank in all of them', async () => {
    const { names, rows } = await readRows(fixedWidth(), table.join('\n'));
    expect(names).toEqual(['id', 'name', 'amount']);
    expect(rows).toEqual([
      ['0001', 'Ada Lovelace', '1.50'],
      ['2', 'Zoë', '7'],
      ['3', '😀', '-12'],
    ]);
  });

  test('what crosses from one column to the next later on is refused', async () => {
    const file = [...table.slice(0, 3), '0004 Ada Augusta King 2', ''].join('\n');
    expect(await failure(file, { scanLimit: 2 })).toMatchObject({
      code: 'RAGGED_ROW',
      line: 4,
      row: 3,
      hint: expect.stringContaining('scanLimit'),
    });
  });

  test('blank lines are no rows, unless they are kept; other space is text', async () => {
    const file = 'a b\n1 2\n   \n\n\u00a0\n';
    expect((await readRows(fixedWidth(), file)).rows).toEqual([
      ['1', '2'],
      ['\u00a0', null],
    ]);
    expect((await readRows(fixedWidth(), file, { emptyRows: 'keep' })).rows).toEqual([
      ['1', '2'],
      [null, null],
      [null, null],
      ['\u00a0', null],
    ]);
  });

  test('the last column goes on to the end of the line', async () => {
    const { rows } = await readRows(fixedWidth(), 'a b\n1 2\n3 longer than any\n', { scanLimit: 1 });
    expect(rows).toEqual([
      ['1', '2'],
      ['3', 'longer than any'],
    ]);
  });

  test.each([
    ['a name that is not there', 'a  \n1 2\n', 'EMPTY_COLUMN_NAME'],
    ['a name twice', 'a a\n1 2\n', 'DUPLICATE_COLUMN'],
    ['a tab', 'a\tb\n1 2\n', 'UNSUPPORTED'],
  ])('%s is refused', async (_, file, code) => {
    expect(await failure(file)).toMatchObject({
      code,
      line: 1,
      hint: expect.any(String),
      format: 'fixed-width',
    });
  });

  test('an empty file has no rows', async () => {
    expect(await readRows(fixedWidth(), '\n  \n')).toMatchObject({ names: [], rows: [] });
  });
});

describe('by a ruler', () => {
  test('columns are where the dashes are', async () => {
    const file = 'full name  n\n---------- --\nAda L.      1\nZo\u00eb    X.   2\n';
    expect(await readRows(fixedWidth(), file, { ruler: true })).toMatchObject({
      names: ['full name', 'n'],
      rows: [
        ['Ada L.', '1'],
        ['Zo\u00eb    X.', '2'],
      ],
    });
  });

  test.each([
    ['text between columns', 'a b\n- -\n123\n', { code: 'RAGGED_ROW', line: 3, column: 2, row: 1 }],
    ['text behind them', 'a b\n- -\n1 2 3\n', { code: 'RAGGED_ROW', line: 3, column: 5, row: 1 }],
    ['no ruler', 'a b\n1 2\n', { code: 'CORRUPT', line: 2 }],
    ['nothing below', 'a b', { code: 'CORRUPT', line: 2 }],
    ['a name without dashes', 'a b c\n- -\n1 2\n', { code: 'CORRUPT', line: 1, column: 5 }],
    ['dashes without a name', 'a\n- -\n1 2\n', { code: 'EMPTY_COLUMN_NAME', line: 1, column: 3 }],
  ])('%s is refused', async (_, file, expected) => {
    expect(await failure(file, { ruler: true })).toMatchObject({ ...expected, hint: expect.any(String) });
  });
});

test('columns, skip and limit', async () => {
  const file = Array.from({ length: 5000 }, (_, i) => `${String(i).padStart(4)}n${i}\n`).join('');
  const options = { fields: fields.slice(0, 2), columns: ['name'], skip: 1234, limit: 3 };
  expect((await readRows(fixedWidth(), file, options)).rows).toEqual([['n1234'], ['n1235'], ['n1236']]);
});

test('another encoding is told, and what is no text is refused', async () => {
  const file = Buffer.from('0001Zo\u00eb\n', 'latin1');
  expect((await readRows(fixedWidth(), file, { fields, encoding: 'latin1' })).rows).toEqual([
    ['0001', 'Zoë', null],
  ]);
  expect(await failure(file, { fields })).toMatchObject({ code: 'INVALID_TEXT', format: 'fixed-width' });
});

test('a file without line breaks does not fill the memory', async () => {
  let given = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (; given < 1e9; given += 65_536) yield Buffer.alloc(65_536, 'x');
  }
  const reader = fixedWidth().createReader(endless(), { fields });
  const reads = async (): Promise<void> => {
    for await (const _ of reader) continue;
  };
  await expect(reads()).rejects.toMatchObject({
    code: 'LIMIT',
    hint: expect.stringContaining('maxLineLength'),
  });
  expect(given).toBeLessThan(2e6);
});

test('leaving the loop ends the source', async () => {
  const source = new MemorySource(Buffer.from('0001Ada\n'.repeat(10_000)), 4096);
  for await (const _ of fixedWidth().createReader(source, { fields, batchSize: 10 })) break;
  expect(source.isEnded).toBe(true);
  expect(source.given).toBeLessThan(source.size);
});
