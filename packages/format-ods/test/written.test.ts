import { ods, type OdsWriteOptions } from '@x/format-ods';
import { Decimal, type DataType, Timestamp, type Value } from '@x/formats';
import { MemorySink, MemorySource, readRows, writeRows } from '@x/formats/contract-suite';
import { Archive } from '@x/formats/zip';
import { describe, expect, test } from 'vitest';

type Columns = readonly (readonly [string, DataType])[];

const text = { kind: 'string' } as const;
const day = { kind: 'date' } as const;
const zoned = { kind: 'timestamp', unit: 'ms', zoned: true } as const;
const time = { kind: 'time', unit: 'us' } as const;

const write = (columns: Columns, rows: readonly (readonly Value[])[], options?: OdsWriteOptions) =>
  writeRows(ods(), columns, rows, options);

/** A file of those in the archive. */
async function partOf(file: Uint8Array, name: string): Promise<string> {
  const archive = await Archive.open(new MemorySource(file), 'ods');
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive.read(name)) chunks.push(Uint8Array.from(chunk));
  return String(Buffer.concat(chunks));
}

/** The rows of the sheet, as XML. */
async function rowsOf(file: Uint8Array): Promise<string[]> {
  const content = await partOf(file, 'content.xml');
  return [...content.matchAll(/<table:table-row>(.*?)<\/table:table-row>/gs)].map(([, cells]) => cells!);
}

/** The only cell of a table, as XML and as it is read. */
async function cellOf(type: DataType, value: Value, options?: OdsWriteOptions) {
  const file = await write([['a', type]], [[value]], { ...options, header: false });
  const { rows, columns } = await readRows(ods(), file, { header: false });
  return { xml: (await rowsOf(file))[0], value: rows[0]?.[0], type: columns[0]?.type };
}

describe('the archive', () => {
  test('says what it is in its first file, which is not compressed and has no extra field', async () => {
    const file = await write([['a', text]], [['x']]);
    const mediaType = 'application/vnd.oasis.opendocument.spreadsheet';
    // Where programs look for it (part 2, 3.3).
    expect(file.toString('latin1', 30, 38 + mediaType.length)).toBe(`mimetype${mediaType}`);
    expect(file.toString('hex', 0, 10)).toBe('504b0304140000080000');
    expect([file.readUInt32LE(18), file.readUInt32LE(22), file.readUInt16LE(28)]).toEqual([
      mediaType.length,
      mediaType.length,
      0,
    ]);
    expect(await partOf(file, 'mimetype')).toBe(mediaType);
    const manifest = await partOf(file, 'META-INF/manifest.xml');
    expect(manifest).toContain(
      `manifest:full-path="/" manifest:version="1.3" manifest:media-type="${mediaType}"`,
    );
    expect(manifest).toContain('manifest:full-path="content.xml"');
  });

  test('a table without rows or columns has what a sheet has to have', async () => {
    for (const columns of [[], [['a', text]]] as Columns[]) {
      const file = await write(columns, [], { header: false });
      expect(await partOf(file, 'content.xml')).toContain('table:number-columns-repeated="1"');
      expect(await rowsOf(file)).toEqual(['<table:table-cell/>']);
    }
  });
});

describe('cells', () => {
  test.each<[string, DataType, Value, string, Value]>([
    ['a number', { kind: 'float64' }, -1.5e-300, 'value-type="float" office:value="-1.5e-300"', -1.5e-300],
    ['minus zero', { kind: 'float64' }, -0, 'value-type="float" office:value="-0"', -0],
    ['a decimal', { kind: 'decimal' }, new Decimal('0.10'), 'value-type="float" office:value="0.1"', 0.1],
    ['a boolean', { kind: 'boolean' }, false, 'value-type="boolean" office:boolean-value="false"', false],
    ['a day', day, new Date('2024-02-29'), 'office:date-value="2024-02-29"', new Date('2024-02-29')],
    [
      'a moment without a zone',
      { kind: 'timestamp', unit: 'us', zoned: false },
      new Timestamp(1, 234_000),
      'office:date-value="1970-01-01T00:00:00.001234"',
      new Timestamp(1, 234_000),
    ],
    ['a time', time, '23:59:59.000001', 'office:time-value="PT23H59M59.000001S"', '23:59:59.000001'],
    ['what is no time', time, '24:00:00', 'value-type="string"', '24:00:00'],
    ['a formula', text, '=SUM(A1)', '"string"><text:p>=SUM(A1)</text:p>', '=SUM(A1)'],
    ['empty text', text, '', 'value-type="string"></table:table-cell>', ''],
    ['markup', text, '<a> & "b"', '<text:p>&lt;a&gt; &amp; "b"</text:p>', '<a> & "b"'],
    [
      'lines',
      text,
      'a\n\nb\n',
      '<text:p>a</text:p><text:p></text:p><text:p>b</text:p><text:p></text:p>',
      'a\n\nb\n',
    ],
    [
      'blanks',
      text,
      ' a b  c ',
      '<text:s text:c="1"/>a b<text:s text:c="2"/>c<text:s text:c="1"/>',
      ' a b  c ',
    ],
    [
      'a tab',
      text,
      'a\t b',
      'office:string-value="a&#9; b"><text:p>a<text:tab/><text:s text:c="1"/>b',
      'a\t b',
    ],
    ['a carriage return', text, '"\r\n', 'office:string-value="&quot;&#13;&#10;"', '"\r\n'],
    ['JSON', { kind: 'json' }, ['x', 1], '<text:p>["x",1]</text:p>', '["x",1]'],
  ])('%s', async (_, type, value, xml, expected) => {
    const cell = await cellOf(type, value);
    expect(cell.xml).toContain(xml);
    expect(cell.xml).not.toContain('formula');
    expect(cell.value).toEqual(expected);
  });

  test('a column of days, moments or times has their type', async () => {
    const row = [new Date('2024-02-29'), new Date(5), '01:02:03.004'];
    const moment = { kind: 'timestamp', unit: 'ms', zoned: false } as const;
    const columns: Columns = Object.entries({ d: day, m: moment, t: time });
    const file = await write(columns, [row, [null, null, null]]);
    const read = await readRows(ods(), file);
    expect(read.columns.map(({ type }) => type)).toEqual([day, moment, { kind: 'time', unit: 'ms' }]);
    expect(read.rows).toEqual([row]);
  });

  test('those without a value are counted, and left out at the end', async () => {
    const columns: Columns = ['a', 'b', 'c', 'd'].map((name) => [name, text]);
    const file = await write(
      columns,
      [[null, 'x'], [null, null, undefined, 'y'], [], ['z', null, 'w', null]],
      {
        header: false,
      },
    );
    const cell = (value: string) =>
      `<table:table-cell office:value-type="string"><text:p>${value}</text:p></table:table-cell>`;
    expect(await rowsOf(file)).toEqual([
      `<table:table-cell/>${cell('x')}`,
      `<table:table-cell table:number-columns-repeated="3"/>${cell('y')}`,
      '<table:table-cell/>',
      `${cell('z')}<table:table-cell/>${cell('w')}`,
    ]);
  });
});

describe('what a sheet does not hold', () => {
  test.each<[DataType, Value, string]>([
    [{ kind: 'integer' }, 2n ** 60n, '1152921504606846976'],
    [{ kind: 'decimal' }, new Decimal('0.1234567890123456789'), '0.1234567890123456789'],
    [{ kind: 'decimal' }, new Decimal('1e20'), '1e20'],
    [{ kind: 'float64' }, Infinity, 'Infinity'],
    [day, new Date(Date.UTC(10_000, 0, 1)), '+010000-01-01'],
    [day, new Date('0000-12-31'), '0000-12-31'],
  ])('%j: %s is text, or refused', async (type, value, digits) => {
    expect((await cellOf(type, value)).value).toBe(digits);
    await expect(write([['a', type]], [[value]], { onUnheld: 'error' })).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 1,
      field: 'a',
      hint: expect.stringContaining('onUnheld'),
    });
  });

  test('moments with a zone are text, or the time in UTC', async () => {
    const date = new Date(1_700_000_000_123);
    expect((await cellOf(zoned, date)).value).toBe('2023-11-14T22:13:20.123Z');
    const asUtc = await cellOf(zoned, date, { zoned: 'utc' });
    expect([asUtc.value, asUtc.type]).toEqual([date, { kind: 'timestamp', unit: 'ms', zoned: false }]);
  });

  test.each(['\0', 'a\u001f', '\ufffe', '\ud83d'])('the character in %j is refused', async (value) => {
    await expect(write([['a', text]], [['x'], [value]])).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 2,
      field: 'a',
    });
  });

  test('a text longer than a cell, more columns and more rows than a sheet', async () => {
    await expect(write([['a', text]], [['x'.repeat(32_768)]])).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 1,
      field: 'a',
    });
    const columns = Array.from({ length: 16_385 }, (_, i) => [`c${i}`, text] as const);
    await expect(write(columns, [[]])).rejects.toMatchObject({ code: 'UNREPRESENTABLE', field: 'c16384' });
    const rows = Array.from({ length: 1_048_576 }, () => [null]);
    await expect(write([['a', text]], rows)).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 1_048_576,
      hint: expect.stringContaining('skip'),
    });
  });
});

test('the sheet has its name', async () => {
  const file = await write([['a', text]], [['x']], { sheet: 'R&D "1"' });
  expect((await readRows(ods(), file, { sheet: 'R&D "1"' })).rows).toEqual([['x']]);
});

test.each([
  [{ sheet: 'a/b' }, 'sheet'],
  [{ zoned: 'x' }, 'zoned'],
  [{ maxCellLength: 0 }, 'maxCellLength'],
  [{ header: 'no' }, 'header'],
])('%j is refused', (options, name) => {
  expect(() => ods().createWriter(new MemorySink(), options as never)).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION', problem: expect.stringContaining(name) }),
  );
});
