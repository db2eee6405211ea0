import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

import { bulkConvert, convert, openWriter, pipeline } from '@x/convert';

import { test } from './scratch.ts';

interface Order {
  readonly id: number;
  readonly tags?: readonly string[];
}

class Line {
  readonly id = 2;
}

const orders: readonly Order[] = [{ id: 1 }];

test('rows may be of an interface or a class, wherever rows are taken', async ({ folder }) => {
  const target = join(folder, 'b.jsonl');
  await convert(orders, target);
  await convert(new Set(orders), target);
  await convert([new Line()], target);
  await pipeline(orders, target, (): Order => ({ id: 3 }));
  await pipeline(orders, target, async (): Promise<Order | null> => ({ id: 4 }));
  expect(await readFile(target, 'utf8')).toBe('{"id":4}\n');
  const writer = await openWriter(target);
  await writer.write(new Line());
  await writer.writeAll(orders);
  await writer.commit();
  expect(await readFile(target, 'utf8')).toBe('{"id":2}\n{"id":1}\n');
});

/** For the type check alone: each of these would fail, or lose something, when it runs. */
export const refused = [
  // @ts-expect-error -- a number is no row
  () => convert([1], 'b.csv'),
  // @ts-expect-error -- nor is a text
  () => convert(['a'], 'b.csv'),
  // @ts-expect-error -- nor a list
  () => convert([[1]], 'b.csv'),
  // @ts-expect-error -- nor a promise of one, which somebody has to wait for
  () => convert([Promise.resolve({ a: 1 })], 'b.csv'),
  // @ts-expect-error -- there has to be a destination
  () => convert('a.csv', null),
  // @ts-expect-error -- only bulkConvert takes a text
  () => convert('a.csv', 'b.csv', { to: 'csv' }),
  // @ts-expect-error -- misspelt
  () => convert('a.csv', 'b.csv', { atomc: true }),
  // @ts-expect-error -- of a pipeline
  () => convert('a.csv', 'b.csv', { state: {} }),
  // @ts-expect-error -- a limit that would hold nothing back
  () => convert('a.csv', 'b.csv', { from: { limits: { outputbytes: 1 } } }),
  // @ts-expect-error -- process gives no row
  () => pipeline('a.csv', null, () => 5),
  // @ts-expect-error -- nor does it here
  () => pipeline('a.csv', null, async () => 5),
  // @ts-expect-error -- no process
  () => pipeline('a.csv', null),
  // @ts-expect-error -- the state has no such member
  () => pipeline('a.csv', null, (row, state) => (state.m ? row : null), { state: { n: 0 } }),
  // @ts-expect-error -- into what?
  () => bulkConvert('a.csv', 'out', {}),
];
