import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { yaml } from '@x/format-yaml';

const rows = [];
for await (const batch of yaml().createReader(Readable.from([Buffer.from('- a: 1\n- a: x\n')])))
  rows.push(...batch.rows());
assert.deepEqual(rows, [[1], ['x']]);
console.log('YAML becomes rows');
