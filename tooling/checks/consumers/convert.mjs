import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { bulkConvert, ConvertError, convert } from '@x/convert';

const folder = await mkdtemp(join(tmpdir(), 'consumer-'));
try {
  const [source, target] = [join(folder, 'a.csv'), join(folder, 'b.jsonl.gz')];
  await writeFile(source, 'id,name\n1,Zoë\n');
  const result = await convert(source, target, { atomic: true });
  assert.equal(result.rowsWritten, 1);
  assert.equal(result.atomic, true);
  assert.equal(gunzipSync(await readFile(target)).toString(), '{"id":"1","name":"Zoë"}\n');
  await writeFile(source, 'id,name\n1,2,3\n');
  await assert.rejects(convert(source, target, { atomic: true }), ConvertError);
  assert.deepEqual(await readdir(folder), ['a.csv', 'b.jsonl.gz']);
  await writeFile(source, 'id,name\n1,Zoë\n');
  await writeFile(join(folder, 'c.csv'), 'id\n1,2\n');
  let threads = 0;
  process.on('worker', () => (threads += 1));
  const bulk = await bulkConvert(join(folder, '*.csv'), folder, { to: '{name}.jsonl', concurrency: 2 });
  assert.equal(threads, 2);
  assert.deepEqual([bulk.succeeded, bulk.failed], [1, 1]);
  assert.ok(bulk.files[1].error instanceof ConvertError);
} finally {
  await rm(folder, { recursive: true });
}
console.log('converts a file atomically, and several in threads');
