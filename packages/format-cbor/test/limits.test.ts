import { cbor } from '@x/format-cbor';
import { readRows, writeRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

const read = (hex: string, options?: object) =>
  readRows(cbor(), Buffer.from(hex.replaceAll(' ', ''), 'hex'), options);

describe('limits', () => {
  test.each([
    ['a text', 'a1 6161 7bffffffffffffffff 61'],
    ['bytes', 'a1 6161 5affffffff 61'],
    ['a part of a text', 'a1 6161 7f 7affffffff 61'],
  ])('%s that says it is large is not waited for', async (_, hex) => {
    await expect(read(hex)).rejects.toMatchObject({
      code: 'LIMIT',
      hint: expect.stringContaining('maxRecordBytes'),
    });
  });

  test.each([
    ['lists', 'a16161', '81', 'f6'],
    ['lists without a length', 'a16161', '9f', 'f6'],
    ['maps', 'a16161', 'a16161', 'f6'],
    ['tags', 'a16161', 'd9d9f7', 'f6'],
    ['tags in front of a row', '', 'c0', 'a0'],
  ])('%s inside each other', async (_, before, level, after) => {
    await expect(read(`${before}${level.repeat(50_000)}${after}`)).rejects.toMatchObject({
      code: 'LIMIT',
      hint: 'raise maxDepth',
    });
  });

  test('values that are small in the file', async () => {
    await expect(read(`a16161 9f ${'80'.repeat(4096)} ff`, { maxRecordValues: 4000 })).rejects.toMatchObject({
      code: 'LIMIT',
    });
    await expect(read(`a16161 7f ${'60'.repeat(4096)} ff`, { maxRecordValues: 4000 })).rejects.toMatchObject({
      code: 'LIMIT',
    });
  });

  test('numbers that would take long', async () => {
    // 10^(10^15), and a number of 5000 bytes.
    expect((await read('a16161 c4 82 1b00038d7ea4c68000 01')).rows).toMatchObject([
      [{ text: '1e1000000000000000' }],
    ]);
    await expect(read('a16161 c5 82 1b00038d7ea4c68000 01')).rejects.toMatchObject({ code: 'CORRUPT' });
    await expect(read(`a16161 c2 591388 ${'ff'.repeat(5000)}`)).rejects.toMatchObject({ code: 'CORRUPT' });
  });
});

describe('what is refused', () => {
  test.each([
    ['a reserved length', 'a16161 1c', 'CORRUPT', 3],
    ['an end of nothing', 'a16161 ff', 'CORRUPT', 3],
    ['a part of something else', 'a16161 7f 4100 ff', 'CORRUPT', 5],
    ['a text that is not UTF-8', 'a16161 62c328', 'INVALID_TEXT', 4],
    ['a key twice', 'a2616101616102', 'DUPLICATE_KEY', 4],
    ['a key that is a list', 'a18001', 'UNSUPPORTED', 1],
    ['an unknown tag', 'a16161 d905dc00', 'UNSUPPORTED', 3],
    ['an unknown simple value', 'a16161 f8ff', 'UNSUPPORTED', 3],
    ['a date that is none', 'a16161 c0 6178', 'CORRUPT', 3],
    ['a moment that is none', 'a16161 c1 f97e00', 'CORRUPT', 3],
    ['a fraction of one number', 'a16161 c4 8101', 'CORRUPT', 3],
    ['a row of text', '6161', 'NOT_AN_OBJECT', 0],
    ['a file that is cut off', 'a1616101 a16161', 'TRUNCATED', 7],
    ['a list that is cut off', '82 a1616101', 'TRUNCATED', 5],
    ['a list without its end', '9f a1616101', 'TRUNCATED', 5],
  ])('%s, with its byte', async (_, hex, code, byteOffset) => {
    await expect(read(hex)).rejects.toMatchObject({
      code,
      byteOffset,
      format: 'cbor',
      hint: expect.any(String),
    });
  });

  test('but unknown tags are passed where that is asked for', async () => {
    expect((await read('a16161 d905dc07', { unknownTags: 'ignore' })).rows).toEqual([[7]]);
  });

  test('a member called __proto__ is one', async () => {
    const { names, rows } = await read('a2 695f5f70726f746f5f5f 01 6161 a1 695f5f70726f746f5f5f a1617801');
    expect(names).toEqual(['__proto__', 'a']);
    expect(Object.entries(rows[0]![1] as object)).toEqual([['__proto__', { x: 1 }]]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test('a moment beyond the years that dates in text have', async () => {
    await expect(writeRows(cbor(), ['a'], [[new Date(8.64e15)]])).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 1,
      field: 'a',
    });
  });

  test('an option that is none', () => {
    expect(() => cbor().createReader([] as never, { unknownTags: 'x' } as never)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', problem: expect.stringContaining('unknownTags') }),
    );
  });
});
