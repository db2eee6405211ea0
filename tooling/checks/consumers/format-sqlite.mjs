import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { sqlite } from '@x/format-sqlite';
import { rowsBatch } from '@x/formats';

const chunks = [];
const writer = sqlite().createWriter({ write: (chunk) => void chunks.push(Buffer.from(chunk)) });
const schema = { columns: [{ name: 'id', type: { kind: 'integer' } }] };
if (Number(process.versions.node.split('.')[0]) < 22) {
  await assert.rejects(writer.write(rowsBatch(schema, [[1]], 0)), { code: 'UNAVAILABLE' });
  console.log('says that this Node.js has no SQLite');
} else {
  await writer.write(rowsBatch(schema, [[1], [2n ** 60n]], 0));
  await writer.finish();
  const rows = [];
  for await (const batch of sqlite().createReader(Readable.from(chunks))) rows.push(...batch.rows());
  assert.deepEqual(rows, [[1], [2n ** 60n]]);
  console.log('rows become a table and rows again');
}
