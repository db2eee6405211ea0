import { ods, type OdsReadOptions } from '@x/format-ods';
import { type FormatError, Timestamp } from '@x/formats';
import { readRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

import { cell, empty, row, sheetOf, spreadsheet } from './spreadsheet.ts';

const read = async (sheets: string, options: OdsReadOptions = {}, styles?: string) =>
  readRows(ods(), await spreadsheet(sheets, styles), options);

const plain = { header: false } as const;
const value = (type: string, attributes = '', text = ''): string =>
  `<table:table-cell office:value-type="${type}" ${attributes}>${text}</table:table-cell>`;
const shown = '<text:p>shown</text:p>';

describe('values', () => {
  test.each([
    ['float', 'office:value="1.5"', 1.5],
    ['float', 'office:value="-1E+100"', -1e100],
    ['float', 'office:value="12345678901234567890"', 12_345_678_901_234_567_890n],
    ['percentage', 'office:value="0.25"', 0.25],
    ['currency', 'office:currency="EUR" office:value="9.99"', 9.99],
    ['boolean', 'office:boolean-value="true"', true],
    ['string', 'office:string-value="said"', 'said'],
    ['string', 'office:string-value="" calcext:value-type="error"', 'shown'],
    ['string', '', 'shown'],
    ['void', '', 'shown'],
    ['date', 'office:date-value="2024-02-29"', new Date('2024-02-29')],
    ['date', 'office:date-value="2024-02-29T01:02:03.5"', new Date('2024-02-29T01:02:03.500Z')],
    ['time', 'office:time-value="PT23H59M59.999S"', '23:59:59.999'],
    ['time', 'office:time-value="PT36H00M00S"', 'PT36H00M00S'],
    ['time', 'office:time-value="-PT1H"', '-PT1H'],
  ])('of a %s that is %s', async (type, attributes, expected) => {
    const { rows } = await read(sheetOf(row(value(type, attributes, shown))), plain);
    expect(rows).toEqual([[expected]]);
  });

  test('types by the first rows, in the unit that they take', async () => {
    const cells = (date: string, moment: string, zoned: string, time: string): string =>
      row(
        value('date', `office:date-value="${date}"`) +
          value('date', `office:date-value="${moment}"`) +
          value('date', `office:date-value="${zoned}"`) +
          value('time', `office:time-value="${time}"`),
      );
    const first = cells(
      '2024-02-29',
      '2024-02-29T01:02:03.123456',
      '2024-02-29T01:02:03+02:00',
      'PT1H2M3.5S',
    );
    const { columns, rows } = await read(sheetOf(first), plain);
    expect(columns.map(({ type }) => type)).toEqual([
      { kind: 'date' },
      { kind: 'timestamp', unit: 'us', zoned: false },
      { kind: 'timestamp', unit: 'ms', zoned: true },
      { kind: 'time', unit: 'ms' },
    ]);
    expect(rows[0]).toEqual([
      new Date('2024-02-29'),
      new Timestamp(Date.UTC(2024, 1, 29, 1, 2, 3, 123), 456_000),
      new Date('2024-02-28T23:02:03Z'),
      '01:02:03.500',
    ]);
    for (const [field, second] of [
      ['A', cells('2024-02-29T12:00:00', '2024-02-29', '2024-02-29T00:00:00Z', 'PT1S')],
      ['B', cells('2024-02-29', '2024-02-29T01:02:03.123456789', '2024-02-29T00:00:00Z', 'PT1S')],
      ['C', cells('2024-02-29', '2024-02-29', '2024-02-29', 'PT1S')],
      ['D', cells('2024-02-29', '2024-02-29', '2024-02-29T00:00:00Z', 'PT0.0001S')],
    ] as const) {
      await expect(read(sheetOf(first, second), { ...plain, scanLimit: 1 })).rejects.toMatchObject({
        code: 'TYPE_MISMATCH',
        row: 2,
        field,
        problem: expect.stringContaining(`${field}2`),
      });
    }
  });

  test('types are found where they are asked for', async () => {
    const sheet = sheetOf(
      row(value('float', 'office:value="1"') + value('float', 'office:value="1.5"') + cell('1')),
    );
    const { columns } = await read(sheet, { ...plain, types: 'infer' });
    expect(columns.map(({ type }) => type.kind)).toEqual(['integer', 'float64', 'string']);
  });

  test('a day that no calendar has: the row is refused, or left out', async () => {
    const sheet = sheetOf(
      row(cell('a')),
      row(value('date', 'office:date-value="2023-02-29"')),
      row(cell('x')),
    );
    await expect(read(sheet)).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 1,
      problem: expect.stringContaining('the cell A2 of the sheet "S"'),
    });
    const told: unknown[] = [];
    const onBadRow = ({ row: number }: FormatError): void => void told.push(number);
    expect((await read(sheet, { onBadRow })).rows).toEqual([['x']]);
    expect(told).toEqual([1]);
  });
});

describe('text', () => {
  test.each([
    ['lines', 'a</text:p><text:p/><text:p>b', 'a\n\nb'],
    [
      'elements of white space',
      'a<text:tab/>b<text:line-break/>c<text:s/><text:s text:c="2"/>d',
      'a\tb\nc   d',
    ],
    ['white space beside elements of it', '<text:s/> a <text:tab/> b', '  a \t b'],
    ['white space', ' \n a \t\n b<text:span> c</text:span><text:span> d </text:span> e', 'a b c d e'],
    ['links and parts', 'a <text:a><text:span>b</text:span></text:a>c', 'a bc'],
    ['the five entities', '&lt;&amp;&#x1F600;&gt;', '<&😀>'],
    [
      'what is said of it',
      'a<text:note><text:note-body><text:p>no</text:p></text:note-body></text:note>b',
      'ab',
    ],
    [
      'how it is read aloud',
      '<text:ruby><text:ruby-base>a</text:ruby-base><text:ruby-text>no</text:ruby-text></text:ruby>',
      'a',
    ],
    ['comments', 'a</text:p><office:annotation><text:p>no</text:p></office:annotation><text:p>b', 'a\nb'],
    [
      'a table in a cell',
      'a</text:p><table:table><table:table-row><table:table-cell office:value-type="string"><text:p>no</text:p></table:table-cell></table:table-row></table:table><text:p>b',
      'a\nb',
    ],
  ])('%s', async (_, xml, expected) => {
    expect((await read(sheetOf(row(cell(xml) + cell('next'))), plain)).rows).toEqual([[expected, 'next']]);
  });
});

describe('sheets', () => {
  const named = (name: string, style = ''): string =>
    `<table:table table:name="${name}" table:style-name="${style}">${row(cell(name))}</table:table>`;
  const sheets = `<table:calculation-settings/>${named('One', 'h')}${named('Two')}${named('&lt;3')}`;
  const hidden =
    '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>';

  test('the first that is shown, or one by its name or number', async () => {
    const names = async (options: OdsReadOptions) => (await read(sheets, options, hidden)).names;
    expect(await names({})).toEqual(['Two']);
    expect(await names({ sheet: 'One' })).toEqual(['One']);
    expect(await names({ sheet: 1 })).toEqual(['One']);
    expect(await names({ sheet: '<3' })).toEqual(['<3']);
    for (const sheet of ['two', 4]) {
      await expect(names({ sheet })).rejects.toMatchObject({
        code: 'BAD_OPTION',
        hint: 'the sheets are "One", "Two", "<3"',
      });
    }
    await expect(read(named('One', 'h'), {}, hidden)).rejects.toMatchObject({
      code: 'BAD_OPTION',
      hint: expect.stringContaining('"One"'),
    });
  });

  test('rows in groups, and what is no row', async () => {
    const sheet = sheetOf(
      '<table:shapes><draw:frame><table:table><table:table-row/></table:table></draw:frame></table:shapes>',
      `<table:table-header-rows>${row(cell('a'))}</table:table-header-rows>`,
      `<table:table-row-group><table:table-row-group>${row(cell('x'))}</table:table-row-group></table:table-row-group>`,
    );
    expect(await read(sheet)).toMatchObject({ names: ['a'], rows: [['x']] });
  });

  test('what is behind the one that is wanted is not parsed, but has to be whole', async () => {
    const cells = Array.from({ length: 20_000 }, (_, i) => row(cell(String((i * 7919) % 10_007)))).join('');
    const file = await spreadsheet(
      `${sheetOf(row(cell('a')), row(cell('x')))}<table:table table:name="T">${row(value('float'))}${cells}</table:table>`,
    );
    expect((await readRows(ods(), file)).rows).toEqual([['x']]);
    file[file.length - 500]! ^= 0xff;
    await expect(readRows(ods(), file)).rejects.toMatchObject({ code: 'CORRUPT' });
  });
});

describe('columns', () => {
  test('names that are not in order', async () => {
    const sheet = sheetOf(row(cell('a') + empty(1) + cell('a')), row(cell('1') + cell('2') + cell('3')));
    await expect(read(sheet)).rejects.toMatchObject({
      code: 'EMPTY_COLUMN_NAME',
      problem: expect.stringContaining('B1'),
    });
    await expect(read(sheet, { onEmptyColumnName: 'rename' })).rejects.toMatchObject({
      code: 'DUPLICATE_COLUMN',
      field: 'a',
    });
    const options = { onEmptyColumnName: 'rename', onDuplicateColumn: 'rename' } as const;
    expect((await read(sheet, options)).names).toEqual(['a', 'column2', 'a_2']);
  });

  test('names behind many empty rows, and names that are days', async () => {
    const day = value('date', 'office:date-value="2024-02-29"');
    const sheet = sheetOf(
      row(empty(1)).repeat(15_000),
      row(day + value('float', 'office:value="2"')),
      row(cell('x')),
    );
    expect(await read(sheet, { scanLimit: 10 })).toMatchObject({
      names: ['2024-02-29', '2'],
      rows: [['x', null]],
    });
  });

  test('a value beside the table', async () => {
    const sheet = sheetOf(row(cell('a')), row(cell('1')), row(cell('2') + cell('note')), row(cell('3')));
    await expect(read(sheet)).rejects.toMatchObject({
      code: 'RAGGED_ROW',
      row: 2,
      problem: expect.stringContaining('B3'),
    });
    expect((await read(sheet, { onBadRow: () => undefined })).rows).toEqual([['1'], ['3']]);
  });
});

test.each([
  [{ sheet: 0 }, 'sheet'],
  [{ emptyRows: 'x' }, 'emptyRows'],
  [{ maxRepeatedCells: -1 }, 'maxRepeatedCells'],
])('the option %j', async (options, name) => {
  await expect(read('', options as never)).rejects.toMatchObject({
    code: 'BAD_OPTION',
    problem: expect.stringContaining(name),
  });
});
