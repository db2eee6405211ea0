import assert from 'node:assert/strict';

import { ods } from '@x/format-ods';
import { rowsBatch } from '@x/formats';

const chunks = [];
const writer = ods().createWriter({ write: (chunk) => void chunks.push(Buffer.from(chunk)) });
const schema = { columns: [{ name: 'id', type: { kind: 'any' } }] };
await writer.write(rowsBatch(schema, [[1], ['=1+1'], [true]], 0));
await writer.finish();
const bytes = Buffer.concat(chunks);
const source = { size: bytes.length, readAt: async (at, length) => bytes.subarray(at, at + length) };
const rows = [];
for await (const batch of ods().createReader(source)) rows.push(...batch.rows());
assert.deepEqual(rows, [[1], ['=1+1'], [true]]);
console.log('rows become a sheet and rows again');
