import { bson } from '@x/format-bson';
import { readRows, writeRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

/** A document of these elements. */
function of(...elements: string[]): string {
  const body = elements.join('').replaceAll(' ', '');
  const length = Buffer.alloc(4);
  length.writeInt32LE(body.length / 2 + 5);
  return `${length.toString('hex')}${body}00`;
}

const read = (hex: string, options?: object) =>
  readRows(bson(), Buffer.from(hex.replaceAll(' ', ''), 'hex'), options);
const nested = (levels: number): string => (levels === 0 ? of() : of('036100', nested(levels - 1)));

describe('limits', () => {
  test('a document that says it is large is not waited for', async () => {
    await expect(read('ffffff7f 10')).rejects.toMatchObject({
      code: 'LIMIT',
      hint: expect.stringContaining('maxRecordBytes'),
    });
    expect(
      (await readRows(bson(), await writeRows(bson(), ['a'], [['x'.repeat(100_000)], ['y']]))).rows,
    ).toHaveLength(2);
  });

  test('documents inside each other', async () => {
    expect((await read(nested(255))).rows).toHaveLength(1);
    await expect(read(nested(256))).rejects.toMatchObject({ code: 'LIMIT', hint: 'raise maxDepth' });
  });

  test('values that are small in the file', async () => {
    const items = Array.from({ length: 4000 }, () => '0a00').join('');
    await expect(read(of('046100', of(items)), { maxRecordValues: 4000 })).rejects.toMatchObject({
      code: 'LIMIT',
    });
  });
});

describe('what is refused', () => {
  test.each([
    ['a document of four bytes', '04000000', 'CORRUPT', 0],
    ['a negative length', 'ffffffff00', 'CORRUPT', 0],
    ['a document without its zero', '0500000001', 'CORRUPT', 4],
    ['an inner document that is longer than its own', of('036100 ff000000 00'), 'CORRUPT', 7],
    ['an inner document of no length', of('036100 00000000 00'), 'CORRUPT', 7],
    ['a text that is longer than its document', of('026100 ff000000 00'), 'CORRUPT', 7],
    ['a text of no length', of('026100 00000000 00'), 'CORRUPT', 7],
    ['a text without its zero', of('026100 02000000 6161'), 'CORRUPT', 12],
    ['a number that is longer than its document', of('106100 01'), 'CORRUPT', 7],
    ['bytes of a negative length', of('056100 ffffffff 00'), 'CORRUPT', 7],
    ['two lengths that differ', of('056100 05000000 02 02000000 61'), 'CORRUPT', 16],
    ['a name without an end', of('1061'), 'CORRUPT', 5],
    ['a boolean of two', of('086100 02'), 'CORRUPT', 7],
    ['an unknown type', of('206100'), 'CORRUPT', 7],
    ['a text that is not UTF-8', of('026100 03000000 c328 00'), 'INVALID_TEXT', 11],
    ['a key twice', of('0a6100', '0a6100'), 'DUPLICATE_KEY', 7],
    ['a moment beyond all', of('096100 ffffffffffffff7f'), 'UNSUPPORTED', 7],
    ['a file that is cut off', `${of('0a6100')}0c0000`, 'TRUNCATED', 11],
    ['a file that is cut off within a document', `${of('0a6100')}0c0000001061`, 'TRUNCATED', 14],
  ])('%s, with its byte', async (_, hex, code, byteOffset) => {
    await expect(read(hex)).rejects.toMatchObject({
      code,
      byteOffset,
      format: 'bson',
      hint: expect.any(String),
    });
  });

  test('a member called __proto__ is one', async () => {
    const file = await writeRows(bson(), ['__proto__', 'a'], [[1, JSON.parse('{"__proto__":{"x":1}}')]]);
    const { names, rows } = await readRows(bson(), file);
    expect(names).toEqual(['__proto__', 'a']);
    expect(Object.entries(rows[0]![1] as object)).toEqual([['__proto__', { x: 1 }]]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test('a name with a zero, with row and column', async () => {
    await expect(writeRows(bson(), ['a', 'b'], [[1, { 'x\0': 1 }]])).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 1,
      field: 'b',
    });
  });
});
