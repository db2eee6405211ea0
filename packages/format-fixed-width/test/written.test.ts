import { fixedWidth, type FixedWidthWriteOptions } from '@x/format-fixed-width';
import { Decimal, type FormatError } from '@x/formats';
import { MemorySink, readRows, writeRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

const fields = [
  { name: 'id', width: 6, align: 'right', pad: '0' },
  { name: 'name', width: 5, start: 7, pad: '.' },
  { name: 'amount', width: 8, start: 13 },
] as const;
const columns = ['id', 'name', ['amount', { kind: 'float64' }]] as const;

async function written(
  rows: Parameters<typeof writeRows>[2],
  options: FixedWidthWriteOptions = {},
): Promise<string> {
  return String(await writeRows(fixedWidth(), columns, rows, options));
}

describe('with fields', () => {
  test('cells are aligned, padded and at their places; numbers at the right', async () => {
    const rows = [
      [42, 'Ada', 1.5],
      [-42, '😀ö', -0.25],
      [null, undefined, new Decimal('0.10')],
      [-123_456n % 100_000n, null, null],
    ];
    expect(await written(rows, { fields })).toBe(
      '000042 Ada..      1.5\n-00042 😀ö...    -0.25\n                 0.10\n-23456               \n',
    );
  });

  test('columns go to the fields of their names, and a field without a column is blank', async () => {
    const others = [
      { name: 'amount', width: 3 },
      { name: 'note', width: 2 },
      { name: 'name', width: 3, align: 'right' },
      { name: 'id', width: 1 },
    ] as const;
    expect(await written([[1, 'Bo', 2.5]], { fields: others })).toBe('2.5   Bo1\n');
  });

  test('a column without a field is refused', async () => {
    await expect(written([[1, 'Bo', 2.5]], { fields: fields.slice(0, 2) })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      field: 'amount',
      hint: expect.stringContaining('columns'),
    });
  });

  test('what is too wide is refused with the width that it takes, or its row left out', async () => {
    const rows = [
      [1, 'Ada', 1],
      [2, 'Adaöö😀', 2],
      [3, 'Bo', 3],
    ];
    await expect(written(rows, { fields })).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 2,
      field: 'name',
      problem: '"Adaöö😀" has 6 characters, its column 5',
      hint: 'give its field a width of 6',
    });
    const told: unknown[] = [];
    const onBadRow = ({ field }: FormatError, row: number): void => void told.push([row, field]);
    expect(await written(rows, { fields, onBadRow })).toBe('000001 Ada..        1\n000003 Bo...        3\n');
    expect(told).toEqual([[2, 'name']]);
  });

  test('null, and what is empty, is blank', async () => {
    const layout = [{ name: 'a', width: 2, pad: '0' }];
    const rows = [[null], [''], [new Uint8Array(0)], [0]];
    expect(String(await writeRows(fixedWidth(), ['a'], rows, { fields: layout }))).toBe('  \n  \n  \n00\n');
  });

  test('the names above are not padded, and have to fit', async () => {
    expect(await written([[1, 'Ada', 1]], { fields, header: true, ruler: true })).toBe(
      '    id name    amount\n------ ----- --------\n000001 Ada..        1\n',
    );
    const narrow = [{ name: 'id', width: 1 }, ...fields.slice(1)];
    await expect(written([], { fields: narrow, header: true })).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      field: 'id',
    });
  });

  test('a mark at the beginning of the text stays', async () => {
    const layout = [{ name: 'a', width: 5 }];
    const file = await writeRows(fixedWidth(), ['a'], [['\ufeffx']], { fields: layout });
    expect((await readRows(fixedWidth(), file, { fields: layout })).rows).toEqual([['\ufeffx']]);
  });
});

describe('by the first rows', () => {
  const rows = [
    [1, 'Ada', 1.5],
    [20, 'Zoë Müller', 12.25],
  ];

  test('columns are as wide as names and cells, and a blank is between them', async () => {
    const file = 'id name       amount\n1  Ada           1.5\n20 Zoë Müller  12.25\n';
    expect(await written(rows)).toBe(file);
    expect((await readRows(fixedWidth(), file)).rows).toEqual([
      ['1', 'Ada', '1.5'],
      ['20', 'Zoë Müller', '12.25'],
    ]);
    expect(await written([[1, '😀', 2]], { header: false })).toBe('1 😀 2\n');
  });

  test('what is wider later on is refused with its row, or the widths are those of more rows', async () => {
    await expect(written(rows, { scanLimit: 1 })).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 2,
      field: 'name',
      problem: '"Zoë Müller" has 10 characters, its column 4',
      hint: expect.stringMatching(/scanLimit.* width of 10/),
    });
    const all = [...rows, ...Array.from({ length: 3000 }, (_, i) => [i * 1000, 'x', null])];
    await expect(written(all)).rejects.toMatchObject({ row: 1003, field: 'id' });
    const file = await written(all, { scanLimit: Infinity, ruler: true });
    const { rows: back } = await readRows(fixedWidth(), file, { ruler: true });
    expect(back.length).toBe(all.length);
    expect(back.at(-1)).toEqual(['2999000', 'x', null]);
  });

  test('the widths do not depend on the batches', async () => {
    const sink = new MemorySink();
    const writer = fixedWidth().createWriter(sink, { scanLimit: 2 });
    const schema = { columns: [{ name: 'a', type: { kind: 'any' } as const }] };
    for (const [i, text] of ['x', 'xxx', 'xx'].entries()) {
      const batch = {
        schema,
        rowCount: 1,
        firstRow: i,
        layout: { kind: 'rows' },
        rows: () => [[text]],
      } as const;
      await writer.write(batch);
      expect(sink.text).toBe('');
    }
    await writer.finish();
    expect(sink.text).toBe('a  \nx  \nxxx\nxx \n');
  });

  test('the rows that are looked at are no more than asked for', async () => {
    const file = await written([...rows, [1, 'x'.repeat(70_000), null]], { scanLimit: 3 });
    expect(file.length).toBeGreaterThan(4 * 70_000);
    await expect(written([...rows, [1, 'x'.repeat(70_000), null]], { scanLimit: 2 })).rejects.toMatchObject({
      row: 3,
      problem: expect.stringMatching(/^.{40,80} has 70000 characters/),
    });
  });
});

test.each([
  ['a\nb', 'line breaks'],
  ['a\r', 'line breaks'],
  [' a', 'blanks'],
  ['a ', 'blanks'],
  [' ', 'blanks'],
])('the text %j would come back as another, and is refused', async (text, what) => {
  await expect(written([[1, text, null]])).rejects.toMatchObject({
    code: 'UNREPRESENTABLE',
    row: 1,
    field: 'name',
    problem: expect.stringContaining(what),
  });
});

test.each([
  [{ fields: [] }, 'fields'],
  [{ fields: [{ name: 'a', width: 1, pad: 'ab' }] }, 'pad'],
  [{ fields: [{ name: 'a', width: 1, pad: '\n' }] }, 'pad'],
  [{ fields: [{ name: 'a', width: 1, align: 'middle' }] }, 'align'],
  [{ header: false, ruler: true }, 'ruler'],
  [{ scanLimit: 0 }, 'scanLimit'],
  [{ header: 'no' }, 'header'],
  [{ ruler: 'no' }, 'ruler'],
])('%j is refused', (options, what) => {
  expect(() => fixedWidth().createWriter(new MemorySink(), options as never)).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION', problem: expect.stringContaining(what) }),
  );
});
