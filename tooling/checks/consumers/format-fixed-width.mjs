import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { fixedWidth } from '@x/format-fixed-width';

const rows = [];
const reader = fixedWidth().createReader(Readable.from([Buffer.from('id name\n 1 Ada\n 2 Zoë\n')]));
for await (const batch of reader) rows.push(...batch.rows());
assert.deepEqual(rows, [
  ['1', 'Ada'],
  ['2', 'Zoë'],
]);
console.log('reads columns of fixed width');
