import assert from 'node:assert/strict';

import { ods } from '@x/format-ods';
import { ArchiveWriter } from '@x/formats/zip';

const chunks = [];
const archive = new ArchiveWriter({ write: (chunk) => void chunks.push(Buffer.from(chunk)) }, 'ods');
const names = ['office', 'table', 'text'].map(
  (name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
);
await archive.add(
  'content.xml',
  `<office:document-content ${names.join(' ')}><office:body><office:spreadsheet><table:table><table:table-row>` +
    '<table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>' +
    '</office:spreadsheet></office:body></office:document-content>',
);
await archive.finish();
const bytes = Buffer.concat(chunks);
const source = { size: bytes.length, readAt: async (at, length) => bytes.subarray(at, at + length) };
const rows = [];
for await (const batch of ods().createReader(source, { header: false })) rows.push(...batch.rows());
assert.deepEqual(rows, [[1]]);
console.log('a sheet of a spreadsheet becomes rows');
