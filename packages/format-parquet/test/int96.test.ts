// Moments in INT96 of which some have more nanoseconds since 1970 than 64 bits hold.
import { joined, valuesOf } from '@x/formats/columns';
import { expect, test } from 'vitest';

import { convertValues } from '../src/read/convert.ts';
import { leafType } from '../src/schema/data-type.ts';
import type { Leaf } from '../src/schema/tree.ts';

const leaf: Leaf = {
  kind: 'leaf',
  name: 'at',
  path: 'at',
  column: 0,
  physical: 'INT96',
  length: 0,
  logical: undefined,
  isNullable: true,
  definition: 1,
  repetition: 0,
};

/** As they are in a page: nanoseconds of the day, and the Julian day. */
function page(moments: readonly string[]) {
  const bytes = Buffer.alloc(moments.length * 12);
  for (const [i, moment] of moments.entries()) {
    const milliseconds = Date.parse(moment);
    const day = Math.floor(milliseconds / 86_400_000);
    bytes.writeBigInt64LE(BigInt(milliseconds - day * 86_400_000) * 1_000_000n, i * 12);
    bytes.writeInt32LE(day + 2_440_588, i * 12 + 8);
  }
  const offsets = Uint32Array.from({ length: moments.length + 1 }, (_, i) => i * 12);
  return convertValues({ kind: 'bytes', offsets, bytes }, leaf);
}

const near = ['1970-01-01T00:00:00.000Z', '2024-02-29T12:34:56.789Z', '1677-09-21T00:12:44.000Z'];
const far = ['9999-12-31T23:59:59.999Z', '0001-01-01T00:00:00.000Z', '2024-02-29T12:34:56.789Z'];

test('they are read, those in the same column that 64 bits hold with them', () => {
  const parts = [page(near), page(far), page(near)];
  expect(parts.map(({ kind }) => kind)).toEqual(['int64', 'values', 'int64']);
  const type = leafType(leaf);
  const valueAt = valuesOf(joined(parts, [3, 3, 3], type), type);
  const found = Array.from({ length: 9 }, (_, i) => (valueAt(i) as Date).toISOString());
  expect(found).toEqual([...near, ...far, ...near]);
});
