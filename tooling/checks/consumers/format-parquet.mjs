import assert from 'node:assert/strict';

import { parquet } from '@x/format-parquet';
import { rowObjects, rowsBatch } from '@x/formats';

const chunks = [];
const schema = {
  columns: [
    { name: 'id', type: { kind: 'integer' } },
    { name: 'tags', type: { kind: 'list', item: { kind: 'string' } } },
  ],
};
const rows = [
  [2n ** 60n, ['a', null]],
  [null, []],
];
const writer = parquet().createWriter({ write: (chunk) => void chunks.push(Buffer.from(chunk)) });
await writer.write(rowsBatch(schema, rows, 0));
await writer.finish();

const file = Buffer.concat(chunks);
const source = {
  size: file.length,
  readAt: async (position, length) => file.subarray(position, position + length),
  async *[Symbol.asyncIterator]() {
    yield file;
  },
};
const found = [];
for await (const batch of parquet().createReader(source)) found.push(...rowObjects(batch));
assert.deepEqual(found, [
  { id: 2n ** 60n, tags: ['a', null] },
  { id: null, tags: [] },
]);
console.log('writes Parquet and reads it again');
