import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { toml } from '@x/format-toml';

const rows = [];
for await (const batch of toml().createReader(Readable.from([Buffer.from('[[a]]\nb = 1\n[[a]]\nb = "x"\n')])))
  rows.push(...batch.rows());
assert.deepEqual(rows, [[1], ['x']]);
console.log('TOML becomes rows');
