import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { bson } from '@x/format-bson';

const rows = [];
for await (const batch of bson().createReader(
  Readable.from([Buffer.from('0c0000001061000100000000', 'hex')]),
))
  rows.push(...batch.rows());
assert.deepEqual(rows, [[1]]);
console.log('BSON becomes rows');
