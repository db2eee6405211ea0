import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { detachRun, joinRun, Metrics } from '@x/fleet';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, onTestFinished, test, type TestContext, vi } from 'vitest';

import { outputs, quick, sourceFiles } from './files.ts';
import { scratchFolder } from './scratch.ts';

/** Lets calls of a file handle fail, from the first to the one before `until`, as a disk does that is full or gone. */
async function failing(method: 'datasync' | 'sync', code: string, until: number): Promise<void> {
  const handle = await open(process.execPath);
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const original = prototype[method];
  let calls = 0;
  const spy = vi.spyOn(prototype, method).mockImplementation(function (this: FileHandle, ...args: never[]) {
    calls += 1;
    if (calls < until) return Promise.reject(Object.assign(new Error(`${code}: it fails`), { code }));
    return (original as (...all: never[]) => Promise<never>).apply(this, args);
  });
  onTestFinished(() => spy.mockRestore());
}

test.each([
  ['datasync', 'ENOSPC'],
  ['datasync', 'EIO'],
  ['sync', 'ESTALE'],
] as const)('%s that fails with %s is no attempt of the input', async (method, code) => {
  const { sources, out } = sourceFiles(3);
  await detachRun(sources, out, quick);
  await failing(method, code, 2);
  const metrics = new Metrics();
  const run = await joinRun(out, { concurrency: 1, attempts: 2, retryDelay: 1, metrics });
  expect(await run.done()).toMatchObject({ published: 3, failed: 0, isComplete: true });
  expect(metrics.retries).toBe(1);
});

test('storage that goes on failing ends the work, sets nothing aside, and the run can be resumed', async () => {
  const { sources, out } = sourceFiles(3);
  const folder = await detachRun(sources, out, quick);
  await failing('datasync', 'ENOSPC', 4);
  const run = await joinRun(out, { concurrency: 1, attempts: 3, retryDelay: 1 });
  await expect(run.done()).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
    path: out,
    cause: { code: 'ENOSPC' },
  });
  expect(readdirSync(join(folder.path, 'failed'))).toEqual([]);
  expect(readdirSync(join(folder.path, 'tmp', '00000'))).toEqual([]);
  const resumed = await joinRun(out, { attempts: 1 });
  expect(await resumed.done()).toMatchObject({ published: 3, failed: 0, isComplete: true });
  expect(outputs(out)).toHaveLength(3);
});

test('a file system without hard links is told before anything is done', async () => {
  const { sources, out } = sourceFiles(2);
  // Before the package takes the function.
  const program = `
    import fs from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    fs.link = async () => {
      throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM', syscall: 'link' });
    };
    syncBuiltinESMExports();
    const { bulkConvert } = await import('@x/fleet');
    const [sources, out] = process.argv.slice(1);
    const { code, hint } = await bulkConvert(sources, out, { to: 'jsonl' }).catch((error) => error);
    console.log(JSON.stringify({ code, hint }));`;
  const args = [...childNodeArgs, '--input-type=module', '--eval', program, sources, out];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  expect(JSON.parse(stdout)).toEqual({
    code: 'STORAGE_FAILED',
    hint: expect.stringContaining(`x doctor ${out}`) as string,
  });
  expect(readdirSync(join(out, '.xrun'))).toEqual([]);
});

test('a disk that is full while a file is converted is no fault of the file', async (context) => {
  const disk = smallDisk(context);
  const { sources } = sourceFiles(2);
  writeFileSync(join(sources, '0.csv'), `id\n${'1\n'.repeat(100_000)}`);
  const out = join(disk, 'out');
  const folder = await detachRun(sources, out, quick);
  const filler = join(disk, 'filler');
  expect(() => writeFileSync(filler, Buffer.alloc(2 ** 21))).toThrow('ENOSPC');
  truncateSync(filler, statSync(filler).size - 2 ** 17);
  await expect((await joinRun(out, { attempts: 2, retryDelay: 1 })).done()).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
  });
  expect(readdirSync(join(folder.path, 'failed'))).toEqual([]);
  rmSync(filler);
  expect(await (await joinRun(out, { attempts: 1 })).done()).toMatchObject({ published: 2, failed: 0 });
});

/** A file system of 2 MiB, in memory; skips the test where none may be mounted. */
function smallDisk(context: TestContext): string {
  const folder = scratchFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    context.skip('needs the right to mount a tmpfs');
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}
