import { xlsx, type XlsxReadOptions, type XlsxWriteOptions } from '@x/format-xlsx';
import { Decimal, type DataType, rowsBatch, type Value } from '@x/formats';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import ExcelJS from 'exceljs';
import { describe, expect, test } from 'vitest';

async function readAll(bytes: Uint8Array, options?: XlsxReadOptions) {
  const reader = xlsx().createReader(new MemorySource(bytes), options);
  const rows: (readonly Value[])[] = [];
  for await (const batch of reader) rows.push(...batch.rows());
  return { columns: (await reader.schema()).columns, rows };
}

async function workbookOf(fill: (workbook: ExcelJS.Workbook) => void): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  fill(workbook);
  const options = { useSharedStrings: true, useStyles: true };
  return new Uint8Array(await workbook.xlsx.writeBuffer(options));
}

async function written(
  columns: readonly (readonly [string, DataType])[],
  rows: readonly Value[][],
  options?: XlsxWriteOptions,
) {
  const sink = new MemorySink();
  const writer = xlsx().createWriter(sink, options);
  await writer.write(rowsBatch({ columns: columns.map(([name, type]) => ({ name, type })) }, rows, 0));
  await writer.finish();
  return sink.bytes;
}

async function readByExcelJS(bytes: Uint8Array): Promise<ExcelJS.Worksheet> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(Buffer.from(bytes) as never);
  return workbook.worksheets[0]!;
}

describe('what exceljs writes', () => {
  const file = workbookOf((workbook) => {
    const orders = workbook.addWorksheet('Orders');
    orders.addRow(['id', 'name', 'paid', 'day', 'at', 'total', 'link', 'failed']);
    for (let i = 1; i <= 3; i++) {
      const row = orders.addRow([
        i,
        i === 2 ? null : `nöm <${i}>`,
        i % 2 === 0,
        new Date(Date.UTC(2024, 1, 28 + i)),
        new Date(Date.UTC(1999, 11, 31, 23, 59, 58, i)),
        { formula: '1+1', result: 2.5 },
        { text: 'here', hyperlink: 'https://example.com' },
        { error: '#N/A' },
      ]);
      row.getCell(4).numFmt = 'yyyy-mm-dd';
      row.getCell(5).numFmt = 'dd.mm.yyyy hh:mm:ss';
    }
    workbook.addWorksheet('Hidden', { state: 'hidden' }).addRow(['x']);
    workbook.addWorksheet('Ältere').addRows([['a'], ['1'], [], ['2']]);
  });

  test('is read, each cell as what it is', async () => {
    const { columns, rows } = await readAll(await file);
    expect(columns.map(({ name, type }) => `${name} ${type.kind}`).join(', ')).toBe(
      'id any, name any, paid any, day date, at timestamp, total any, link any, failed any',
    );
    expect(rows).toEqual(
      [1, 2, 3].map((i) => [
        i,
        i === 2 ? null : `nöm <${i}>`,
        i % 2 === 0,
        new Date(Date.UTC(2024, 1, 28 + i)),
        new Date(Date.UTC(1999, 11, 31, 23, 59, 58, i)),
        2.5,
        'here',
        '#N/A',
      ]),
    );
  });

  test('types are found where they are asked for', async () => {
    const { columns } = await readAll(await file, {
      types: 'infer',
      columns: ['total', 'id', 'name', 'paid'],
    });
    expect(columns.map(({ type }) => type.kind)).toEqual(['float64', 'integer', 'string', 'boolean']);
  });

  test('a sheet by its name or number', async () => {
    expect((await readAll(await file, { sheet: 'ältere' })).rows).toEqual([['1'], [null], ['2']]);
    expect((await readAll(await file, { sheet: 3, emptyRows: 'skip' })).rows).toEqual([['1'], ['2']]);
    expect((await readAll(await file, { sheet: 2, header: false })).columns.map(({ name }) => name)).toEqual([
      'A',
    ]);
    await expect(readAll(await file, { sheet: 'Order' })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      hint: 'the sheets are "Orders", "Hidden", "Ältere"',
    });
  });

  test('days that are counted from 1904', async () => {
    const bytes = await workbookOf((workbook) => {
      workbook.properties.date1904 = true;
      const sheet = workbook.addWorksheet('S');
      sheet.addRow(['day']);
      sheet.addRow([new Date(Date.UTC(2024, 1, 29))]).getCell(1).numFmt = 'yyyy-mm-dd';
    });
    expect((await readAll(bytes)).rows).toEqual([[new Date(Date.UTC(2024, 1, 29))]]);
  });

  test('names of columns that are not in order', async () => {
    const bytes = await workbookOf((workbook) =>
      workbook.addWorksheet('S').addRows([
        ['a', null, 'a'],
        [1, 2, 3],
      ]),
    );
    await expect(readAll(bytes)).rejects.toMatchObject({
      code: 'EMPTY_COLUMN_NAME',
      problem: expect.stringContaining('B1'),
    });
    await expect(readAll(bytes, { onEmptyColumnName: 'rename' })).rejects.toMatchObject({
      code: 'DUPLICATE_COLUMN',
      field: 'a',
    });
    const options = { onEmptyColumnName: 'rename', onDuplicateColumn: 'rename' } as const;
    const { columns } = await readAll(bytes, options);
    expect(columns.map(({ name }) => name)).toEqual(['a', 'column2', 'a_2']);
  });

  test('a value beside the table', async () => {
    const bytes = await workbookOf((workbook) =>
      workbook.addWorksheet('S').addRows([['a'], [1], [2, 'note'], [3]]),
    );
    await expect(readAll(bytes)).rejects.toMatchObject({
      code: 'RAGGED_ROW',
      row: 2,
      problem: expect.stringContaining('B3'),
    });
    const told: unknown[] = [];
    expect((await readAll(bytes, { onBadRow: ({ row }) => told.push(row) })).rows).toEqual([[1], [3]]);
    expect(told).toEqual([2]);
  });
});

describe('what is written', () => {
  test('is read by exceljs', async () => {
    const bytes = await written(
      [
        ['id', { kind: 'integer' }],
        ['name', { kind: 'string' }],
        ['paid', { kind: 'boolean' }],
        ['day', { kind: 'date' }],
        ['at', { kind: 'timestamp', unit: 'ms', zoned: false }],
        ['price', { kind: 'decimal', precision: 10, scale: 2 }],
      ],
      [
        [1, '=1+1', true, new Date(Date.UTC(2024, 1, 29)), new Date(1_700_000_000_123), new Decimal('0.10')],
        [2n ** 60n, ' a\r\n_x0041_\u0001', null, null, null, null],
      ],
      { sheet: 'R&D' },
    );
    const sheet = await readByExcelJS(bytes);
    expect(sheet.name).toBe('R&D');
    expect(sheet.getRow(1).values).toEqual([undefined, 'id', 'name', 'paid', 'day', 'at', 'price']);
    expect(sheet.getRow(2).values).toEqual([
      undefined,
      1,
      '=1+1',
      true,
      new Date(Date.UTC(2024, 1, 29)),
      new Date(1_700_000_000_123),
      0.1,
    ]);
    expect(sheet.getCell('B2').type).toBe(ExcelJS.ValueType.String);
    expect(sheet.getCell('A3').value).toBe('1152921504606846976');
    expect((await readAll(bytes)).rows[1]).toEqual([
      '1152921504606846976',
      ' a\r\n_x0041_\u0001',
      null,
      null,
      null,
      null,
    ]);
  });

  test('what Excel does not hold is refused where that is asked for', async () => {
    for (const [type, value] of [
      ['integer', 2n ** 60n],
      ['decimal', new Decimal('0.1234567890123456789')],
      ['date', new Date(Date.UTC(1899, 0, 1))],
    ] as const) {
      await expect(written([['a', { kind: type }]], [[value]], { onUnheld: 'error' })).rejects.toMatchObject({
        code: 'UNREPRESENTABLE',
        row: 1,
        field: 'a',
        hint: expect.stringContaining('onUnheld'),
      });
    }
  });

  test('a text longer than a cell, and more columns than a sheet', async () => {
    await expect(written([['a', { kind: 'string' }]], [['x'.repeat(32_768)]])).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 1,
      field: 'a',
    });
    const columns = Array.from({ length: 16_385 }, (_, i) => [`c${i}`, { kind: 'string' }] as const);
    await expect(written(columns, [[]])).rejects.toMatchObject({ code: 'UNREPRESENTABLE', field: 'c16384' });
  });

  test('moments with a zone are text, or the time in UTC', async () => {
    const type = { kind: 'timestamp', unit: 'ms', zoned: true } as const;
    const date = new Date(1_700_000_000_123);
    expect((await readAll(await written([['a', type]], [[date]]))).rows).toEqual([
      ['2023-11-14T22:13:20.123Z'],
    ]);
    expect((await readAll(await written([['a', type]], [[date]], { zoned: 'utc' }))).rows).toEqual([[date]]);
  });
});
