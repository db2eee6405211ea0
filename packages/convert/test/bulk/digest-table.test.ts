import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';

import { DigestTable, digestOf } from '../../src/bulk/digest-table.ts';

test('a table holds what a map does, over many growths', () => {
  const table = new DigestTable();
  const map = new Map<string, number>();
  let state = 1;
  for (let i = 0; i < 60_000; i += 1) {
    state = (state * 48_271) % 2_147_483_647;
    const text = `in/${state % 20_000}.csv`;
    expect(table.set(text, i)).toBe(map.get(text));
    map.set(text, i);
  }
  expect(table.size).toBe(map.size);
  for (let i = 0; i < 20_000; i += 1) expect(table.get(`in/${i}.csv`)).toBe(map.get(`in/${i}.csv`));
  expect(table.has('in/20000.csv')).toBe(false);
});

test('the numbers at both ends, and texts that UTF-8 cannot tell apart', () => {
  const table = new DigestTable();
  for (const [text, number] of [
    ['', 0],
    ['\ud800', 2 ** 32 - 2],
    ['\udc00', 1],
    ['\ufffd', 2],
  ] as const) {
    expect(table.set(text, number)).toBeUndefined();
    expect(table.get(text)).toBe(number);
  }
  expect(table.size).toBe(4);
});

test('texts are told apart by 128 bits', () => {
  const sha = createHash('sha256').update('a\0', 'latin1').digest();
  expect(Buffer.from(digestOf('a').buffer).equals(sha.subarray(0, 16))).toBe(true);
  // Each text is its digest here, and differs from the first in one word.
  const table = new DigestTable((text) => Uint32Array.from(text, Number));
  const texts = ['0000', '1000', '0100', '0010', '0001'];
  for (const [i, text] of texts.entries()) expect(table.set(text, i)).toBeUndefined();
  expect(texts.map((text) => table.get(text))).toEqual([0, 1, 2, 3, 4]);
  expect(table.size).toBe(5);
});
