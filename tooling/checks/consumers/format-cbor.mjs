import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { cbor } from '@x/format-cbor';

const rows = [];
for await (const batch of cbor().createReader(Readable.from([Buffer.from('a1616101a161616178', 'hex')])))
  rows.push(...batch.rows());
assert.deepEqual(rows, [[1], ['x']]);
console.log('CBOR becomes rows');
