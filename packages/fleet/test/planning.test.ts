import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { bulkConvert as convertAll, type FoundFile } from '@x/convert';
import { bulkConvert, detachRun, joinRun } from '@x/fleet';
import { collectGarbage, openNewRun, Plan } from '@x/fleet/run-directory';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

import { FoundOnDisk } from '../src/run-directory/found-on-disk.ts';

import { manifest, outputs, quick, sourceFiles } from './files.ts';
import { scratchFolder } from './scratch.ts';

/** So many folders of a thousand empty files, named by their numbers. */
function tree(folders: number): { readonly sources: string; readonly out: string } {
  const folder = scratchFolder();
  const sources = join(folder, 'in');
  for (let i = 0; i < folders * 1000; i += 1) {
    const below = join(sources, `f${Math.floor(i / 1000)}`);
    if (i % 1000 === 0) mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `${i}.csv`), '');
  }
  return { sources, out: join(folder, 'out') };
}

const everything = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[]).toSorted();

const descriptors = '/proc/self/fd';

/** Paths of what this process has open, also of what has no name any more; none where the system does not tell. */
const openFiles = (): string[] =>
  (existsSync(descriptors) ? readdirSync(descriptors) : []).flatMap((fd) => {
    try {
      return readlinkSync(join(descriptors, fd));
    } catch {
      // What listed them.
      return [];
    }
  });

const deep = { ...quick, recursive: true } as const;

test('a plan takes no memory for its list: many long names are planned in a small heap', async () => {
  const program = fileURLToPath(new URL('fixtures/plan-many.mjs', import.meta.url));
  const out = join(scratchFolder(), 'out');
  // Ends a process that holds 500 bytes a file; one that holds none is content with 20 MB.
  const smallHeap = ['--max-old-space-size=40', '--max-semi-space-size=1'];
  const args = [...childNodeArgs, ...smallHeap, program, out, '100'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toBe('100000\n');
});

test('a run that was revoked is removed a folder of marks at a time', async () => {
  const out = join(scratchFolder(), 'out');
  const program = `
    import fs from 'node:fs/promises';
    import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { rm } = fs;
    let most = 0;
    fs.rm = (path, options) => {
      const names = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).length : 0;
      most = Math.max(most, names);
      return rm(path, options);
    };
    syncBuiltinESMExports();
    const { collectGarbage, openNewRun } = await import('@x/fleet/run-directory');
    const [out] = process.argv.slice(1);
    const run = await openNewRun(out, { options: {}, files: [] });
    for (let i = 0; i < 1000; i += 1) {
      const folder = run.path + '/done/' + String(Math.floor(i / 100)).padStart(5, '0');
      mkdirSync(folder, { recursive: true });
      writeFileSync(folder + '/' + i, '');
    }
    await openNewRun(out, { options: {}, files: [], takeover: true });
    const removed = await collectGarbage(out);
    console.log(JSON.stringify({ removed: removed.length, most }));`;
  const args = [...childNodeArgs, '--input-type=module', '--eval', program, out];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
  expect(JSON.parse(stdout)).toEqual({ removed: 2, most: 100 });
  expect(readdirSync(join(out, '.xrun'))).toHaveLength(2);
});

test('what is found is kept in order, and read as often as it is asked for, in a file without a name', async () => {
  const folder = scratchFolder();
  const found = new FoundOnDisk(join(folder, 'not', 'there'));
  const names = ['a.csv', 'b\n.csv', 'Zoë 🐌.csv', '\ud800.csv', 'ü'.repeat(40_000), 'n'.repeat(70_000)];
  const files: FoundFile[] = Array.from({ length: 5000 }, (_, i) => ({
    path: `/in/${i}/${names[i % 977] ?? 'short'}`,
    folders: String(i),
    named: i % 3 === 0,
  }));
  try {
    for (const file of files) await found.add(file);
    // Windows keeps the name of what is open.
    expect(process.platform === 'win32' ? [] : readdirSync(folder)).toEqual([]);
    for (let time = 0; time < 2; time += 1) {
      const read: FoundFile[] = [];
      for await (const file of found.all()) read.push(file);
      expect(read).toEqual(files);
    }
  } finally {
    await found.close();
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('two of thousands with one output are both named, and nothing is written', async () => {
  const { sources, out } = tree(3);
  writeFileSync(join(sources, 'f2', '7.csv'), '');
  await expect(detachRun(sources, out, deep)).rejects.toMatchObject({
    code: 'OUTPUT_COLLISION',
    path: join(out, '7.jsonl'),
    message: expect.stringContaining(
      `${join(sources, 'f0', '7.csv')} and ${join(sources, 'f2', '7.csv')} would both become this file`,
    ) as string,
  });
  expect(readdirSync(join(out, '..'))).toEqual(['in']);
  const run = await detachRun(sources, out, { ...deep, preserveDirs: true });
  const planned: string[] = [];
  for await (const { destination } of (await Plan.open(run)).files()) planned.push(destination);
  expect(planned).toHaveLength(3001);
  expect(planned.filter((path) => basename(path) === '7.jsonl')).toEqual([
    join(out, 'f0', '7.jsonl'),
    join(out, 'f2', '7.jsonl'),
  ]);
});

test('an output that is the source of another is refused, and one that lies there from before is none', async () => {
  const { sources } = sourceFiles(3);
  writeFileSync(join(sources, '1.csv.jsonl'), '{"id":1}\n');
  const named = ['0.csv', '1.csv', '1.csv.jsonl'].map((name) => join(sources, name));
  const options = { ...quick, to: '{name}.jsonl' } as const;
  await expect(detachRun(named, sources, options)).rejects.toMatchObject({
    code: 'OUTPUT_COLLISION',
    message: expect.stringContaining('is itself a source') as string,
  });
  expect(everything(sources)).toEqual(['0.csv', '1.csv', '1.csv.jsonl', '2.csv']);
  for (let time = 1; time <= 2; time += 1) {
    const run = await bulkConvert(sources, sources, options);
    expect(await run.done()).toMatchObject({ files: 3, published: 3 });
    const lines = manifest(sources).slice(1);
    expect(lines.map((line) => line['destination'])).toEqual(['0.csv.jsonl', '1.csv.jsonl', '2.csv.jsonl']);
  }
});

test('files are planned in the order in which they are converted without a run', async () => {
  const { sources, out } = sourceFiles(12);
  for (const name of ['sub-x/a.csv', 'sub/a.csv', 'sub/deep/a.csv', 'sub.csv', '7/a.csv']) {
    mkdirSync(join(sources, name, '..'), { recursive: true });
    writeFileSync(join(sources, name), 'id\n1\n');
  }
  const list = [join(sources, '5.csv'), join(sources, '**/a.csv'), sources, join(sources, 'sub/a.csv')];
  const options = { to: 'jsonl', recursive: true, preserveDirs: true, concurrency: 1 };
  const { files } = await convertAll(list, join(out, '..', 'other'), options);
  const run = await detachRun(list, out, options);
  const planned: string[] = [];
  for await (const { source } of (await Plan.open(run)).files()) planned.push(source);
  expect(planned).toEqual(files.map(({ source }) => source));
  expect(planned).toHaveLength(17);
});

test('a search that fails midway leaves nothing, and the run before as it was', async () => {
  const { sources, out } = tree(3);
  const fails = (): Promise<unknown> =>
    detachRun(sources, out, {
      ...deep,
      onFound: () => rmSync(join(sources, 'f2'), { recursive: true, force: true }),
    });
  await expect(fails()).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE', path: join(sources, 'f2') });
  expect(readdirSync(join(out, '..'))).toEqual(['in']);

  const first = await detachRun(join(sources, 'f0'), out, quick);
  mkdirSync(join(sources, 'f2'));
  const before = everything(out);
  await expect(fails()).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
  const noMatch = detachRun([sources, join(sources, '*.parquet')], out, { ...deep, takeover: true });
  await expect(noMatch).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  expect(everything(out)).toEqual(before);
  expect((await joinRun(out, { drain: AbortSignal.abort() })).folder).toEqual(first);
});

test('an abort while files are looked for leaves nothing', async () => {
  const { sources, out } = tree(3);
  const stop = new AbortController();
  const seen: number[] = [];
  const planning = detachRun(sources, out, {
    ...deep,
    signal: stop.signal,
    onFound: (files) => {
      seen.push(files);
      if (files === 2000) stop.abort(new Error('enough'));
    },
  });
  await expect(planning).rejects.toThrow('enough');
  expect(seen).toEqual([1000, 2000]);
  expect(openFiles().filter((path) => path.includes('.x-found'))).toEqual([]);
  expect(readdirSync(join(out, '..'))).toEqual(['in']);
});

test('a plan that cannot be written to its end is no run, and does not keep others from one', async () => {
  const { sources, out } = sourceFiles(2);
  await (await bulkConvert(sources, out, quick)).done();
  const before = everything(out);
  async function* failing() {
    for (let i = 0; i < 3000; i += 1) yield { source: `${i}`, destination: join(out, `${i}`) };
    throw new Error('the disk has a cold');
  }
  const opening = openNewRun(out, { options: {}, files: failing(), takeover: true });
  await expect(opening).rejects.toThrow('the disk has a cold');
  expect(everything(out)).toEqual(before);
  expect(await (await bulkConvert(sources, out, quick)).done()).toMatchObject({ published: 2 });
  await collectGarbage(out);
  expect(outputs(out)).toEqual(['0.jsonl', '1.jsonl']);
});

test('how many files have been found is told before the run begins', async () => {
  const { sources, out } = sourceFiles(3);
  const seen: number[] = [];
  const run = await detachRun(sources, out, { ...quick, onFound: (files) => seen.push(files) });
  expect(seen).toEqual([3]);
  expect(readFileSync(join(run.path, 'run.json'), 'utf8')).not.toContain('onFound');
});
