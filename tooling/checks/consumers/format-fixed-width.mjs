import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { fixedWidth } from '@x/format-fixed-width';
import { rowsBatch } from '@x/formats';

const chunks = [];
const writer = fixedWidth().createWriter({ write: (chunk) => void chunks.push(Buffer.from(chunk)) });
const schema = { columns: ['id', 'name'].map((name) => ({ name, type: { kind: 'string' } })) };
const table = [
  ['1', 'Ada'],
  ['20', 'Zoë'],
];
await writer.write(rowsBatch(schema, table, 0));
await writer.finish();
assert.equal(String(Buffer.concat(chunks)), 'id name\n1  Ada \n20 Zoë \n');
const rows = [];
for await (const batch of fixedWidth().createReader(Readable.from(chunks))) rows.push(...batch.rows());
assert.deepEqual(rows, table);
console.log('rows become columns of fixed width and rows again');
