import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { html } from '@x/format-html';

const rows = [];
for await (const batch of html().createReader(Readable.from([Buffer.from('<table><tr><td>1<td>x</table>')])))
  rows.push(...batch.rows());
assert.deepEqual(rows, [['1', 'x']]);
console.log('a table in HTML becomes rows');
