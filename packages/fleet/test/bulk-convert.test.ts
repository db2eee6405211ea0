import {
  fdatasyncSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

import {
  bulkConvert,
  detachRun,
  type Engine,
  FleetError,
  type FleetProgress,
  joinRun,
  local,
  shard,
} from '@x/fleet';
import { collectGarbage } from '@x/fleet/run-directory';
import { expect, onTestFinished, test, vi } from 'vitest';

import { manifest, outputs, quick, sourceFiles } from './files.ts';

test('every input has its output, and the manifest comes last', async () => {
  const { sources, out } = sourceFiles(120);
  const run = await bulkConvert(sources, out, quick);
  const seen: FleetProgress[] = [];
  let isEarly = false;
  for await (const progress of run.progress()) {
    seen.push(progress);
    isEarly ||= progress.open > 0 && readdirSync(out).includes('_SUCCESS');
  }
  expect(isEarly).toBe(false);
  expect(await run.done()).toMatchObject({
    files: 120,
    published: 120,
    failed: 0,
    open: 0,
    isComplete: true,
  });
  expect(seen.at(-1)).toMatchObject({ published: 120, open: 0 });
  expect(outputs(out)).toHaveLength(120);
  expect(readFileSync(join(out, '7.jsonl'), 'utf8')).toBe('{"id":"7","name":"Zoë"}\n');
  const [sums, ...files] = manifest(out);
  expect(sums).toEqual({ version: 1, run: 1, succeeded: 120, failed: 0 });
  expect(files).toHaveLength(120);
  expect(files[0]).toMatchObject({
    source: '../in/0.csv',
    destination: '0.jsonl',
    rowsWritten: 1,
    atomic: true,
  });
});

test('an output is on the disk before it is committed', async () => {
  const { sources, out } = sourceFiles(5);
  const handle = await open(join(sources, '0.csv'));
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  /** Of each file that was synced: its inode, and its names by then, of which a committed one has two. */
  const synced = new Map<number, number>();
  const datasync = vi.spyOn(prototype, 'datasync').mockImplementation(async function (this: typeof handle) {
    fdatasyncSync(this.fd);
    const { ino, nlink } = await this.stat();
    synced.set(ino, nlink);
  });
  onTestFinished(() => datasync.mockRestore());
  const run = await bulkConvert(sources, out, quick);
  expect(await run.done()).toMatchObject({ published: 5 });
  const inodes = outputs(out).map((name) => statSync(join(out, name)).ino);
  expect(inodes.map((inode) => synced.get(inode))).toEqual([1, 1, 1, 1, 1]);
});

test('an input that always fails is set aside with its error, and the others are published', async () => {
  const { sources, out } = sourceFiles(5);
  writeFileSync(join(sources, '3.csv'), 'a,b\n1\n');
  const run = await bulkConvert(sources, out, { ...quick, attempts: 2 });
  expect(await run.done()).toMatchObject({ published: 4, failed: 1, open: 0, isComplete: true });
  expect(outputs(out)).toEqual(['0.jsonl', '1.jsonl', '2.jsonl', '4.jsonl']);
  expect(manifest(out)[4]).toMatchObject({
    destination: '3.jsonl',
    status: 'failed',
    error: { code: 'RAGGED_ROW', attempts: 2 },
  });
});

test('an input that changed after the plan is set aside at once', async () => {
  const { sources, out } = sourceFiles(3);
  const paused = pausedEngine();
  const run = await bulkConvert(sources, out, { ...quick, engine: paused.engine });
  writeFileSync(join(sources, '1.csv'), 'id\nother\n');
  paused.goOn();
  expect(await run.done()).toMatchObject({ published: 2, failed: 1 });
  expect(manifest(out)[2]).toMatchObject({ status: 'failed', error: { code: 'INPUT_CHANGED', attempts: 1 } });
});

test('an input that is gone since the plan has changed as well', async () => {
  const { sources, out } = sourceFiles(2);
  await detachRun(sources, out, quick);
  rmSync(join(sources, '1.csv'));
  expect(await (await joinRun(out)).done()).toMatchObject({ published: 1, failed: 1 });
  expect(manifest(out)[2]).toMatchObject({ error: { code: 'INPUT_CHANGED', attempts: 1 } });
});

test('a worker that was killed while it told of an attempt does not spoil the manifest', async () => {
  const { sources, out } = sourceFiles(2);
  const { path } = await detachRun(sources, out, quick);
  mkdirSync(join(path, 'results', '00000'));
  writeFileSync(
    join(path, 'results', '00000', '00000000.killed'),
    '[0,"1",{"rowsWritten":7}]\n[1,"1",{"rowsWr',
  );
  expect(await (await joinRun(out)).done()).toMatchObject({ published: 2 });
  expect(manifest(out).slice(1)).toMatchObject([{ rowsWritten: 1 }, { rowsWritten: 1 }]);
});

test('what an interrupted run has published stays, and the rest follows', async () => {
  const { sources, out } = sourceFiles(120);
  const stop = new AbortController();
  const run = await bulkConvert(sources, out, { ...quick, signal: stop.signal });
  for await (const { published } of run.progress()) if (published >= 20) stop.abort(new Error('stop'));
  await expect(run.done()).rejects.toThrow('stop');
  const before = new Map(outputs(out).map((name) => [name, statSync(join(out, name)).ino]));
  expect(before.size).toBeGreaterThanOrEqual(20);
  expect(before.size).toBeLessThan(120);
  expect(readdirSync(out)).not.toContain('_SUCCESS');

  const resumed = await joinRun(out, { concurrency: 2 });
  expect(await resumed.done()).toMatchObject({ published: 120, open: 0, isComplete: true });
  for (const [name, inode] of before) expect(statSync(join(out, name)).ino).toBe(inode);
  expect(readdirSync(join(resumed.folder.path, 'tmp'))).toEqual([]);
});

test('an output that was lost after it was committed is put back', async () => {
  const { sources, out } = sourceFiles(3);
  await (await bulkConvert(sources, out, quick)).done();
  rmSync(join(out, '1.jsonl'));
  await (await joinRun(out)).done();
  expect(readFileSync(join(out, '1.jsonl'), 'utf8')).toBe('{"id":"1","name":"Zoë"}\n');
});

test('what was set aside is tried again when that is asked for', async () => {
  const { sources, out } = sourceFiles(2);
  const rejects = join(out, '..', 'rejects');
  writeFileSync(rejects, 'a file where a folder should be');
  const run = await bulkConvert(sources, out, { ...quick, attempts: 1, rejects });
  expect(await run.done()).toMatchObject({ failed: 2 });
  rmSync(rejects);
  mkdirSync(rejects);
  expect(await (await joinRun(out)).done()).toMatchObject({ failed: 2 });
  const leaving = await joinRun(out, { retryFailed: true, drain: AbortSignal.abort() });
  expect(await leaving.done()).toMatchObject({ open: 2, failed: 0, isComplete: false });
  expect(await (await joinRun(out)).done()).toMatchObject({ published: 2, failed: 0 });
  expect(manifest(out)[0]).toMatchObject({ succeeded: 2, failed: 0 });
});

test('a run that has not ended keeps its output folder until it is taken over', async () => {
  const { sources, out } = sourceFiles(4);
  const paused = pausedEngine();
  const first = await bulkConvert(sources, out, { ...quick, engine: paused.engine });
  await expect(bulkConvert(sources, out, quick)).rejects.toMatchObject({
    code: 'RUN_IN_PROGRESS',
    path: out,
  });
  const second = await bulkConvert(sources, out, { ...quick, takeover: true });
  expect(await second.done()).toMatchObject({ published: 4 });
  const inodes = outputs(out).map((name) => statSync(join(out, name)).ino);
  paused.goOn();
  await expect(first.done()).rejects.toMatchObject({ code: 'REVOKED' });
  expect(outputs(out).map((name) => statSync(join(out, name)).ino)).toEqual(inodes);
  // One that has ended does not.
  const third = await bulkConvert(sources, out, quick);
  expect(await third.done()).toMatchObject({ published: 4 });
  await collectGarbage(out);
  expect(readdirSync(join(out, '.xrun')).filter((name) => name.startsWith('revoked'))).toEqual([]);
});

test('the shards of a run make all of it between them, in any order, and again', async () => {
  const { sources, out } = sourceFiles(250);
  const first = await bulkConvert(sources, out, { ...quick, engine: shard(0, 3) });
  expect(await first.done()).toMatchObject({ published: 84, open: 166, isComplete: false });
  expect(await (await joinRun(out, { engine: shard(2, 3) })).done()).toMatchObject({ isComplete: false });
  expect(readdirSync(out)).not.toContain('_SUCCESS');
  const last = await joinRun(out, { engine: shard(1, 3) });
  expect(await last.done()).toMatchObject({ published: 250, isComplete: true });
  expect(outputs(out)).toHaveLength(250);
  expect(() => shard(3, 3)).toThrow(FleetError);
});

test('options that no worker elsewhere can get are refused before anything is written', async () => {
  const { sources, out } = sourceFiles(1);
  const capabilities = {
    read: true,
    write: true,
    typed: false,
    nested: false,
    randomAccess: 'unused',
  } as const;
  const create = (): never => {
    throw new Error('not needed');
  };
  const own = { name: 'own', extensions: ['.own'], mediaTypes: [], capabilities };
  const formats = [{ ...own, createReader: create, createWriter: create }];
  await expect(bulkConvert(sources, out, { ...quick, formats })).rejects.toMatchObject({
    code: 'BAD_OPTION',
  });
  expect(() => readdirSync(out)).toThrow('ENOENT');
});

test('an engine that hands out everything twice, and to two at once, changes nothing', async () => {
  const { sources, out } = sourceFiles(120);
  const twice: Engine = {
    name: 'twice',
    isShared: false,
    owns: () => true,
    join: async (run, ranges) => {
      const [one, other] = [await local().join(run, ranges), await local().join(run, ranges)];
      let turn = 0;
      return {
        put: async (some) => {
          const list = [...some];
          await Promise.all([one.put(list), other.put(list)]);
        },
        take: async (signal) => {
          turn += 1;
          const [first, second] = turn % 2 === 0 ? [one, other] : [other, one];
          return (await first.take(signal)) ?? second.take(signal);
        },
        close: async () => void (await Promise.all([one.close(), other.close()])),
      };
    },
  };
  const run = await bulkConvert(sources, out, { ...quick, concurrency: 4, engine: twice });
  expect(await run.done()).toMatchObject({ published: 120, failed: 0, open: 0 });
  expect(outputs(out)).toHaveLength(120);
  expect(
    manifest(out)
      .slice(1)
      .every((file) => file['rowsWritten'] === 1),
  ).toBe(true);
});

/** The workers of this process, which get nothing before they are told to go on. */
function pausedEngine(): { readonly engine: Engine; readonly goOn: () => void } {
  let goOn = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const engine: Engine = {
    name: 'paused',
    isShared: false,
    owns: () => true,
    join: async (run, ranges) => {
      const queue = await local().join(run, ranges);
      return {
        put: (some) => queue.put(some),
        take: async (signal) => {
          await told;
          return queue.take(signal);
        },
        close: () => queue.close(),
      };
    },
  };
  return { engine, goOn };
}

test('an output whose path is a folder is set aside at once, and made when that is gone', async () => {
  const { sources, out } = sourceFiles(3);
  const folder = join(out, '1.jsonl');
  mkdirSync(folder, { recursive: true });
  const run = await bulkConvert(sources, out, quick);
  expect(await run.done()).toMatchObject({ published: 2, failed: 1, isComplete: true });
  expect(manifest(out)[2]).toMatchObject({
    status: 'failed',
    error: { code: 'OUTPUT_TAKEN', attempts: 1, message: expect.stringContaining(folder) },
  });
  rmSync(folder, { recursive: true });
  const again = await joinRun(out, { ...quick, retryFailed: true });
  expect(await again.done()).toMatchObject({ published: 3, failed: 0 });
});

test('an output that has become a folder since is told of, and put back when that is gone', async () => {
  const { sources, out } = sourceFiles(3);
  await (await bulkConvert(sources, out, quick)).done();
  const output = join(out, '1.jsonl');
  rmSync(output);
  mkdirSync(output);
  await expect((await joinRun(out, quick)).done()).rejects.toMatchObject({
    code: 'OUTPUT_TAKEN',
    path: output,
    hint: expect.stringContaining('resume'),
  });
  rmSync(output, { recursive: true });
  expect(await (await joinRun(out, quick)).done()).toMatchObject({ published: 3, isComplete: true });
  expect(readFileSync(output, 'utf8')).toBe('{"id":"1","name":"Zoë"}\n');
});
