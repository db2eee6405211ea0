import { xlsx, type XlsxReadOptions } from '@x/format-xlsx';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { ArchiveWriter } from '@x/formats/zip';
import { expect, test } from 'vitest';

import { partsBefore, sheetPart } from '../src/write/parts.ts';
import { meaningOf } from '../src/value/number-format.ts';
import { dateOfSerial } from '../src/value/serial.ts';

async function workbook(sheet: string, more: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
  const sink = new MemorySink();
  const archive = new ArchiveWriter(sink, 'xlsx');
  const parts = new Map([...partsBefore('S'), [sheetPart, sheet] as const, ...Object.entries(more)]);
  for (const [name, text] of parts) await archive.add(name, text);
  await archive.finish();
  return sink.bytes;
}

const data = (rows: string, head = '') => `${head}<worksheet><sheetData>${rows}</sheetData></worksheet>`;

async function failure(bytes: Uint8Array, options?: XlsxReadOptions): Promise<unknown> {
  try {
    for await (const batch of xlsx().createReader(new MemorySource(bytes), options)) void [...batch.rows()];
  } catch (error) {
    return error;
  }
  return undefined;
}

test('entities are not expanded', async () => {
  const bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
  expect(await failure(await workbook(data('<row><c><v>&b;</v></c></row>', bomb)))).toMatchObject({
    code: 'CORRUPT',
  });
  expect(await failure(await workbook(data('<row><c t="str"><v>&b;</v></c></row>')))).toMatchObject({
    code: 'CORRUPT',
  });
});

test('elements inside each other', async () => {
  expect(await failure(await workbook('<a>'.repeat(100)))).toMatchObject({ code: 'LIMIT' });
});

test('a cell, or the shared texts, that are too large', async () => {
  const cell = data(`<row><c t="str"><v>${'x'.repeat(2000)}</v></c></row>`);
  expect(await failure(await workbook(cell), { maxCellLength: 1000 })).toMatchObject({ code: 'LIMIT' });
  const relations = partsBefore('S').find(([name]) => name.endsWith('workbook.xml.rels'))![1];
  const bytes = await workbook(data(''), {
    'xl/_rels/workbook.xml.rels': relations.replace(
      '</Relationships>',
      '<Relationship Id="t" Type="x/sharedStrings" Target="t.xml"/></Relationships>',
    ),
    'xl/t.xml': `<sst><si><t>${'x'.repeat(5000)}</t></si></sst>`,
  });
  expect(await failure(bytes, { maxSharedBytes: 1000 })).toMatchObject({
    code: 'LIMIT',
    hint: expect.stringContaining('maxSharedBytes'),
  });
});

test.each([
  ['rows out of order', '<row r="2"/><row r="1"/>'],
  ['rows beyond a sheet', '<row r="1048577"/>'],
  ['cells out of order', '<row><c r="B1"/><c r="A1"/></row>'],
  ['a shared text that is not there', '<row><c t="s"><v>5</v></c></row>'],
  ['a number that is none', '<row><c><v>x</v></c></row>'],
])('%s', async (_, rows) => {
  expect(await failure(await workbook(data(rows)), { header: false })).toMatchObject({
    code: 'CORRUPT',
    format: 'xlsx',
  });
});

test.each([
  [0, 'General', 'number'],
  [14, undefined, 'date'],
  [22, undefined, 'moment'],
  [164, 'yyyy-mm-dd', 'date'],
  [164, 'dd/mm/yy hh:mm', 'moment'],
  [164, 'hh:mm', 'time'],
  [164, '[h]:mm:ss', 'number'],
  [164, '0.00 "days"', 'number'],
  [164, '#,##0.00 [$€-407]', 'number'],
  [164, '[Red]0.00', 'number'],
  [164, 'mmm\\-yy;@', 'date'],
])('the format %i %j is of a %s', (id, code, meaning) => {
  expect(meaningOf(id, code)).toBe(meaning);
});

test('days around the one that never was', () => {
  const day = (serial: number, is1904 = false) => dateOfSerial(serial, is1904)?.toISOString().slice(0, 10);
  expect([1, 59, 60, 61].map((serial) => day(serial))).toEqual([
    '1900-01-01',
    '1900-02-28',
    undefined,
    '1900-03-01',
  ]);
  expect([day(0, true), day(60, true), day(-1), day(2_958_466)]).toEqual([
    '1904-01-01',
    '1904-03-01',
    undefined,
    undefined,
  ]);
});
