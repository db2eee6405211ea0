import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AtomicWriteError, open, writeFile } from '@x/atomic-fs';

const folder = await mkdtemp(join(tmpdir(), 'consumer-'));
try {
  const target = join(folder, 'settings.json');
  await writeFile(target, '{"v":1}');
  const file = await open(target);
  await file.write('{"v":2}');
  assert.equal(await readFile(target, 'utf8'), '{"v":1}');
  await file.commit();
  assert.equal(await readFile(target, 'utf8'), '{"v":2}');
  assert.deepEqual(await readdir(folder), ['settings.json']);
  await assert.rejects(writeFile(join(folder, 'no/such/folder'), ''), AtomicWriteError);
} finally {
  await rm(folder, { recursive: true });
}
console.log('writes a file atomically');
