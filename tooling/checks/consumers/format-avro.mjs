import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { avro } from '@x/format-avro';
import { rowsBatch } from '@x/formats';

const chunks = [];
const writer = avro().createWriter({ write: (chunk) => void chunks.push(Buffer.from(chunk)) });
const schema = { columns: [{ name: 'id', type: { kind: 'integer' } }] };
await writer.write(rowsBatch(schema, [[1], [2n ** 60n], [null]], 0));
await writer.finish();
const rows = [];
for await (const batch of avro().createReader(Readable.from(chunks))) rows.push(...batch.rows());
assert.deepEqual(rows, [[1], [2n ** 60n], [null]]);
console.log('rows become Avro and rows again');
