import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { xml } from '@x/format-xml';

const rows = [];
for await (const batch of xml().createReader(Readable.from([Buffer.from('<r><i a="1"><b>x</b></i></r>')])))
  rows.push(...batch.rows());
assert.deepEqual(rows, [['1', 'x']]);
console.log('XML becomes rows');
