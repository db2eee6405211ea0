import assert from 'node:assert/strict';
import { Readable } from 'node:stream';

import { csv, jsonl } from '@x/formats';

const chunks = [];
const bytes = Readable.from([Buffer.from('id,name\r\n01,"a ""b"",\nc"\r\n')]);
const reader = csv().createReader(bytes);
const writer = jsonl().createWriter({ write: (chunk) => void chunks.push(Buffer.from(chunk)) });
for await (const batch of reader) await writer.write(batch);
await writer.finish();
assert.equal(Buffer.concat(chunks).toString(), '{"id":"01","name":"a \\"b\\",\\nc"}\n');
console.log('CSV becomes JSONL');
