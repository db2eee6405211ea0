import { msgpack } from '@x/format-msgpack';
import { MemorySource, readRows, writeRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

const of = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const read = (hex: string, options?: object) => readRows(msgpack(), of(hex), options);

describe('limits', () => {
  test.each([
    ['a text', '81 a161 db ffffffff 61'],
    ['bytes', '81 a161 c6 ffffffff 61'],
    ['an extension', '81 a161 c9 ffffffff ff'],
  ])('%s that says it is large is not waited for', async (_, hex) => {
    await expect(read(hex)).rejects.toMatchObject({
      code: 'LIMIT',
      hint: expect.stringContaining('maxRecordBytes'),
    });
  });

  test('a list that says it is large has its items, or not', async () => {
    await expect(read('81 a161 dd ffffffff 01')).rejects.toMatchObject({ code: 'TRUNCATED', byteOffset: 9 });
    await expect(read('dd ffffffff 81 a161 01')).rejects.toMatchObject({ code: 'TRUNCATED' });
  });

  test('lists inside each other', async () => {
    await expect(read(`81 a161 ${'91'.repeat(100_000)}`)).rejects.toMatchObject({
      code: 'LIMIT',
      hint: 'raise maxDepth',
    });
    await expect(read(`81 a161 ${'81a161'.repeat(1000)}`)).rejects.toMatchObject({ code: 'LIMIT' });
    // The record is the first of the levels.
    expect((await read(`81 a161 ${'91'.repeat(255)} c0`)).rows).toHaveLength(1);
    await expect(read(`81 a161 ${'91'.repeat(256)} c0`)).rejects.toMatchObject({ code: 'LIMIT' });
  });

  test('values that are small in the file', async () => {
    await expect(
      read(`81 a161 dd 00001000 ${'90'.repeat(4096)}`, { maxRecordValues: 4000 }),
    ).rejects.toMatchObject({
      code: 'LIMIT',
      hint: expect.stringContaining('maxRecordValues'),
    });
  });

  test('a record that is larger than a chunk, and than it may be', async () => {
    const file = await writeRows(msgpack(), ['a'], [['x'.repeat(100_000)], ['y']]);
    expect((await readRows(msgpack(), file)).rows).toEqual([['x'.repeat(100_000)], ['y']]);
    await expect(readRows(msgpack(), file, { maxRecordBytes: 50_000 })).rejects.toMatchObject({
      code: 'LIMIT',
    });
    // Also where it comes at once.
    const reader = msgpack().createReader(new MemorySource(file, file.length), { maxRecordBytes: 50_000 });
    await expect(reader.schema()).rejects.toMatchObject({ code: 'LIMIT' });
  });
});

describe('what is refused', () => {
  test.each([
    ['a byte that begins nothing', '81 a161 c1', 'CORRUPT', 3],
    ['a text that is not UTF-8', '81 a161 a2 c328', 'INVALID_TEXT', 4],
    ['a key twice', '82 a161 01 a161 02', 'DUPLICATE_KEY', 4],
    ['a key that is a list', '81 90 01', 'UNSUPPORTED', 1],
    ['an extension', '81 a161 d4 05 00', 'UNSUPPORTED', 4],
    ['a timestamp of a second and a half', '81 a161 d7 ff ffffffff 00000000', 'CORRUPT', 5],
    ['a timestamp of three bytes', '81 a161 c7 03 ff 000000', 'CORRUPT', 6],
    ['a row of text', '81 a161 01 a161', 'NOT_AN_OBJECT', 4],
    ['rows in two lists', '91 91 80', 'NOT_AN_OBJECT', 1],
    ['a file that is cut off', '81 a161 01 81 a1', 'TRUNCATED', 6],
  ])('%s, with its byte', async (_, hex, code, byteOffset) => {
    await expect(read(hex)).rejects.toMatchObject({
      code,
      byteOffset,
      format: 'msgpack',
      hint: expect.any(String),
    });
  });

  test('but extensions are bytes where that is asked for, and keys may be numbers', async () => {
    expect((await read('81 a161 d4 05 07', { extensions: 'bytes' })).rows).toEqual([[Uint8Array.of(7)]]);
    expect(await read('82 05 01 cf0020000000000001 02')).toMatchObject({
      names: ['5', '9007199254740993'],
      rows: [[1, 2]],
    });
  });

  test('a member called __proto__ is one', async () => {
    const { names, rows } = await read('82 a95f5f70726f746f5f5f 01 a161 81 a95f5f70726f746f5f5f 81 a178 01');
    expect(names).toEqual(['__proto__', 'a']);
    expect(Object.entries(rows[0]![1] as object)).toEqual([['__proto__', { x: 1 }]]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test('an option that is none', () => {
    expect(() => msgpack().createReader([] as never, { extensions: 'x' } as never)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', problem: expect.stringContaining('extensions') }),
    );
  });
});

test('numbers take as few bytes as they can, and columns of doubles are doubles', async () => {
  const file = await writeRows(msgpack(), ['a', ['b', { kind: 'float64' }]], [[5, 5]]);
  expect(file.toString('hex')).toBe('82a16105a162cb4014000000000000');
});
