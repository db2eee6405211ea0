import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { geojson } from '@x/format-geojson';
import { rowsBatch } from '@x/formats';

const any = { kind: 'any' };
const schema = { columns: ['@id', 'name', 'geometry'].map((name) => ({ name, type: any })) };
const rows = [[1, 'Ulm', { type: 'Point', coordinates: [10, 48.4] }]];
const chunks = [];
const writer = geojson().createWriter({ write: (chunk) => void chunks.push(Buffer.from(chunk)) });
await writer.write(rowsBatch(schema, rows, 0));
await writer.finish();
const found = [];
for await (const batch of geojson().createReader(Readable.from(chunks))) found.push(...batch.rows());
assert.deepEqual(found, rows);
console.log('rows become features and rows again');
