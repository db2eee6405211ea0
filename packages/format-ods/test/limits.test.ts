import { ods, type OdsReadOptions } from '@x/format-ods';
import { MemorySource, readRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

import { archiveOf, cell, documentOf, empty, row, sheetOf, spreadsheet } from './spreadsheet.ts';

const read = async (sheets: string, options: OdsReadOptions = {}) =>
  readRows(ods(), await spreadsheet(sheets), options);

const plain = { header: false } as const;
const value = (type: string, attributes = ''): string =>
  `<table:table-cell office:value-type="${type}" ${attributes}/>`;

describe('repetitions', () => {
  test('of cells and rows with values, up to a number of them', async () => {
    const sheet = sheetOf(row(cell('x', 'table:number-columns-repeated="3"'), 4));
    expect((await read(sheet, plain)).rows).toEqual(Array.from({ length: 4 }, () => ['x', 'x', 'x']));
    expect((await read(sheet, { ...plain, maxRepeatedCells: 11 })).rows).toHaveLength(4);
    await expect(read(sheet, { ...plain, maxRepeatedCells: 10 })).rejects.toMatchObject({
      code: 'LIMIT',
      problem: expect.stringMatching(/row 1 of the sheet "S"/),
      hint: expect.stringContaining('maxRepeatedCells'),
    });
  });

  test('that make a small file a large one', async () => {
    const wide = 'table:number-columns-repeated="16384"';
    await expect(read(sheetOf(row(cell('x', wide), 1_048_576)), plain)).rejects.toMatchObject({
      code: 'LIMIT',
    });
    await expect(read(sheetOf(row(cell('x', wide)).repeat(700)), plain)).rejects.toMatchObject({
      code: 'LIMIT',
    });
  });

  test('of a header, of which the others are rows', async () => {
    expect(await read(sheetOf(row(cell('a'), 3)))).toMatchObject({ names: ['a'], rows: [['a'], ['a']] });
  });

  test('of nothing are nothing, and are rows where others follow', async () => {
    const sheet = sheetOf(
      row(empty(5), 7),
      row(cell('a')),
      row(empty(1), 2500),
      row(cell('x') + empty(99_999)),
    );
    expect((await read(sheet)).rows).toEqual([...Array.from({ length: 2500 }, () => [null]), ['x']]);
    expect((await read(sheet, { emptyRows: 'skip' })).rows).toEqual([['x']]);
    expect((await read(sheet, { ...plain, emptyRows: 'keep' })).rows).toHaveLength(2509);
  });

  test.each([
    ['columns', row(cell('x', 'table:number-columns-repeated="16385"'))],
    ['rows', row(cell('x'), 1_048_577)],
    ['rows behind empty ones', row(empty(1), 1_048_576) + row(cell('x'))],
    ['no times', row(cell('x', 'table:number-columns-repeated="0"'))],
    ['a number that is none', row(cell('x', 'table:number-columns-repeated="1e9"'))],
  ])('%s that a sheet does not have', async (_, rows) => {
    await expect(read(sheetOf(rows), plain)).rejects.toMatchObject({
      code: 'CORRUPT',
      problem: expect.stringContaining('the sheet "S"'),
    });
  });
});

describe('lengths', () => {
  test.each([
    ['a text', cell('x'.repeat(2000))],
    ['blanks', cell('<text:s text:c="2000000000"/>')],
    ['lines', cell('</text:p><text:p>'.repeat(2000))],
    ['an attribute', value('string', `office:string-value="${'x'.repeat(2000)}"`)],
  ])('%s of a cell', async (_, cells) => {
    await expect(read(sheetOf(row(cells)), { ...plain, maxCellLength: 1000 })).rejects.toMatchObject({
      code: 'LIMIT',
      problem: expect.stringContaining('the cell A1 of the sheet "S"'),
      hint: expect.stringContaining('maxCellLength'),
    });
  });

  test.each([
    ['a comment', `<!--${'x'.repeat(2_000_000)}-->`],
    ['an attribute', `<a b="${'x'.repeat(2_000_000)}"/>`],
  ])('%s that the parser would hold', async (_, xml) => {
    await expect(read(xml)).rejects.toMatchObject({ code: 'LIMIT' });
  });

  test('elements inside each other', async () => {
    await expect(read('<a>'.repeat(300))).rejects.toMatchObject({ code: 'LIMIT' });
  });
});

describe('damage', () => {
  test('entities are not expanded', async () => {
    const content = documentOf(sheetOf(row(cell('&b;'))));
    const bomb = '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>';
    for (const text of [content, content.replace('?>', `?>${bomb}`)]) {
      const file = await archiveOf({ 'content.xml': text });
      await expect(readRows(ods(), file, plain)).rejects.toMatchObject({ code: 'CORRUPT' });
    }
  });

  test.each([
    ['no document', { 'x.xml': '<x/>' }],
    ['a text', { 'content.xml': documentOf('').replaceAll('office:spreadsheet', 'office:text') }],
    ['no sheets', { 'content.xml': documentOf('') }],
    ['another document', { 'content.xml': '<html/>' }],
    ['a document that ends early', { 'content.xml': documentOf(sheetOf(row(cell('x')))).slice(0, -100) }],
  ])('%s', async (_, parts) => {
    await expect(readRows(ods(), await archiveOf(parts), plain)).rejects.toMatchObject({
      code: 'CORRUPT',
      format: 'ods',
    });
  });

  test('other prefixes than all programs use', async () => {
    const content = documentOf(sheetOf(row(cell('x'))))
      .replaceAll(/table:/g, 't:')
      .replace('xmlns:table', 'xmlns:t');
    await expect(readRows(ods(), await archiveOf({ 'content.xml': content }))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
    });
  });

  test('a file that is cut off anywhere, or has another byte', async () => {
    const file = await spreadsheet(sheetOf(row(cell('a')), ...Array(50).fill(row(cell('x')))));
    for (let length = 0; length < file.length; length += 7) {
      await expect(readRows(ods(), file.subarray(0, length))).rejects.toMatchObject({
        code: expect.stringMatching(/TRUNCATED|CORRUPT/),
      });
    }
    const damaged = Buffer.from(file);
    damaged[80]! ^= 1;
    await expect(readRows(ods(), damaged)).rejects.toMatchObject({ code: 'CORRUPT' });
  });

  test.each([
    ['a number', value('float')],
    ['a number that is a word', value('float', 'office:value="x"')],
    ['a boolean', value('boolean', 'office:boolean-value="1"')],
    ['a day', value('date')],
    ['a time', value('time')],
    ['a type', value('x')],
  ])('%s that is none', async (_, cells) => {
    await expect(read(sheetOf(row(cell('x') + cells)), plain)).rejects.toMatchObject({
      code: 'CORRUPT',
      problem: expect.stringContaining('the cell B1 of the sheet "S"'),
    });
  });

  test('header takes true or false', () => {
    expect(() => ods().createReader(new MemorySource(new Uint8Array(0)), { header: 'no' as never })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', problem: 'header is "no"' }),
    );
  });

  test('the source must be one that can be read out of order', () => {
    const stream = new MemorySource(new Uint8Array(0))[Symbol.asyncIterator]();
    expect(() => ods().createReader(stream as never)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });
});
