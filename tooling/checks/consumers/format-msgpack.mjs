import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { msgpack } from '@x/format-msgpack';

const rows = [];
for await (const batch of msgpack().createReader(Readable.from([Buffer.from('81a1610181a161a178', 'hex')])))
  rows.push(...batch.rows());
assert.deepEqual(rows, [[1], ['x']]);
console.log('MessagePack becomes rows');
