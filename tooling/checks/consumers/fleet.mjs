import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bulkConvert } from '@x/fleet';

const folder = await mkdtemp(join(tmpdir(), 'consumer-'));
try {
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in', 'a.csv'), 'id,name\n1,Zoë\n');
  const run = await bulkConvert(join(folder, 'in'), join(folder, 'out'), { to: 'jsonl', concurrency: 1 });
  const { published, isComplete } = await run.done();
  assert.deepEqual({ published, isComplete }, { published: 1, isComplete: true });
  assert.equal(await readFile(join(folder, 'out', 'a.jsonl'), 'utf8'), '{"id":"1","name":"Zoë"}\n');
  await assert.rejects(import('@x/fleet/bullmq'), { code: 'ERR_MODULE_NOT_FOUND' });
} finally {
  await rm(folder, { recursive: true });
}
console.log('publishes one result per input, and says so in the manifest');
