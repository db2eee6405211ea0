import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { arrow, arrowStream } from '@x/format-arrow';
import { rowObjects, rowsBatch } from '@x/formats';

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
for (const format of [arrow(), arrowStream()]) {
  const chunks = [];
  const writer = format.createWriter({ write: (chunk) => void chunks.push(Buffer.from(chunk)) });
  await writer.write(rowsBatch(schema, rows, 0));
  await writer.finish();
  const found = [];
  for await (const batch of format.createReader(Readable.from(chunks))) found.push(...rowObjects(batch));
  assert.deepEqual(found, [
    { id: 2n ** 60n, tags: ['a', null] },
    { id: null, tags: [] },
  ]);
}
console.log('writes Arrow files and streams and reads them again');
