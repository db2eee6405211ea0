import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  attempt,
  fingerprintOf,
  finish,
  openNewRun,
  publishManifest,
  type RunFolder,
  type Step,
} from '@x/fleet/run-directory';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, onTestFinished, test } from 'vitest';

import { scratchFolder } from './scratch.ts';

const program = fileURLToPath(new URL('fixtures/attempt.mjs', import.meta.url));
const steps: readonly Step[] = ['begun', 'written', 'checked', 'committed', 'placing', 'placed'];
/** From here on the first attempt has won, whatever becomes of it. */
const hasWon = (step: Step): boolean => steps.indexOf(step) >= steps.indexOf('committed');

interface Planned {
  readonly index: number;
  readonly source: string;
  readonly destination: string;
  readonly fingerprint: string | undefined;
}

async function planned(folder: string, content: string): Promise<Planned> {
  const source = join(folder, 'in.txt');
  writeFileSync(source, content);
  const destination = join(folder, 'out.txt');
  return { index: 0, source, destination, fingerprint: await fingerprintOf(source) };
}

const newRun = (folder: string, file: Planned, takeover = false): Promise<RunFolder> =>
  openNewRun(folder, { options: {}, files: [file], takeover });

/** Another worker, in this process, that nothing stops. */
function work(
  run: RunFolder,
  { index, source, destination }: Planned,
  onStep: (step: Step) => void = () => undefined,
) {
  return attempt(
    run,
    { index, destination },
    {
      onStep,
      write: async (path) => {
        const handle = await open(path, 'w');
        await handle.writeFile((await readFile(source, 'utf8')).toUpperCase());
        await handle.sync();
        await handle.close();
      },
      check: () => Promise.resolve(),
    },
  );
}

/** A worker that has come as far as that step and is held there. */
async function heldAt(step: Step, run: RunFolder, file: Planned): Promise<ChildProcess> {
  const worker = fork(program, [JSON.stringify(run), JSON.stringify(file), step], {
    execArgv: [...childNodeArgs],
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  const [message] = await once(worker, 'message');
  expect(message).toEqual({ stopped: step });
  return worker;
}

async function goOn(worker: ChildProcess): Promise<unknown> {
  const end = once(worker, 'message');
  worker.send('go on');
  return (await end)[0];
}

const published = (file: Planned) => ({
  content: readFileSync(file.destination, 'utf8'),
  inode: statSync(file.destination).ino,
});

test.each(steps)('a worker held at %s: a second one in the run publishes, once', async (step) => {
  const folder = scratchFolder();
  const file = await planned(folder, 'one');
  const run = await newRun(folder, file);
  const first = await heldAt(step, run, file);
  expect(await work(run, file)).toBe(hasWon(step) ? 'lost' : 'won');
  const before = published(file);
  expect(before.content).toBe('ONE');
  expect(await goOn(first)).toEqual({ outcome: hasWon(step) ? 'won' : 'lost' });
  expect(published(file)).toEqual(before);
  expect(readdirSync(join(run.path, 'tmp', '00000'))).toEqual([]);
});

test.each(steps)('a worker killed at %s: the next one publishes', async (step) => {
  const folder = scratchFolder();
  const file = await planned(folder, 'one');
  const run = await newRun(folder, file);
  const first = await heldAt(step, run, file);
  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(await work(run, file)).toBe(hasWon(step) ? 'lost' : 'won');
  expect(published(file).content).toBe('ONE');
  expect(statSync(join(run.path, 'done', '00000', '00000000')).ino).toBe(published(file).inode);
});

test.each(steps)(
  'a worker held at %s while a newer run publishes: what it does has no effect',
  async (step) => {
    const folder = scratchFolder();
    const old = await planned(folder, 'one');
    const oldRun = await newRun(folder, old);
    const zombie = await heldAt(step, oldRun, old);
    const file = await planned(folder, 'two');
    const run = await newRun(folder, file, true);
    expect(await work(run, file)).toBe('won');
    const before = published(file);
    expect(before.content).toBe('TWO');
    // Past the rename there is nothing left to do, and what it did has been replaced.
    expect(await goOn(zombie)).toEqual(step === 'placed' ? { outcome: 'won' } : { failed: 'REVOKED' });
    expect(published(file)).toEqual(before);
  },
);

test.each(steps)('a worker that fails at %s and tries again in the run publishes, once', async (step) => {
  const folder = scratchFolder();
  const file = await planned(folder, 'one');
  const run = await newRun(folder, file);
  const failing = work(run, file, (at) => {
    if (at === step) throw new Error('the disk has a cold');
  });
  await expect(failing).rejects.toThrow('the disk has a cold');
  const done = join(run.path, 'done', '00000', '00000000');
  const committed = statSync(done, { throwIfNoEntry: false })?.ino;
  expect(committed !== undefined).toBe(hasWon(step));
  expect(await work(run, file)).toBe(hasWon(step) ? 'lost' : 'won');
  expect(published(file)).toEqual({ content: 'ONE', inode: committed ?? statSync(done).ino });
  expect(readdirSync(join(run.path, 'tmp', '00000'))).toEqual([]);
});

test.each(steps)('a worker killed at %s: a newer run publishes its own, and only that', async (step) => {
  const folder = scratchFolder();
  const old = await planned(folder, 'one');
  const worker = await heldAt(step, await newRun(folder, old), old);
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  const file = await planned(folder, 'two');
  const run = await newRun(folder, file, true);
  expect(await work(run, file)).toBe('won');
  expect(published(file)).toEqual({
    content: 'TWO',
    inode: statSync(join(run.path, 'done', '00000', '00000000')).ino,
  });
});

test('a manifest that comes after its run was revoked is not published over that of the newer one', async () => {
  const folder = scratchFolder();
  const old = await planned(folder, 'one');
  const oldRun = await newRun(folder, old);
  await work(oldRun, old);
  const file = await planned(folder, 'two');
  const run = await newRun(folder, file, true);
  await work(run, file);
  await finish(run);
  const manifest = readFileSync(join(folder, '_SUCCESS'), 'utf8');
  const late = publishManifest(oldRun, { published: 1, failed: 0, open: 0 });
  await expect(late).rejects.toThrow('ENOENT');
  expect(readFileSync(join(folder, '_SUCCESS'), 'utf8')).toBe(manifest);
  expect(readdirSync(folder).toSorted()).toEqual(['.xrun', '_SUCCESS', 'in.txt', 'out.txt']);
});

test('of many attempts at once, one is published', async () => {
  const folder = scratchFolder();
  const file = await planned(folder, 'one');
  const run = await newRun(folder, file);
  const outcomes = await Promise.all(Array.from({ length: 16 }, () => work(run, file)));
  expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
  expect(published(file).content).toBe('ONE');
  expect(readdirSync(join(run.path, 'tmp', '00000'))).toEqual([]);
});

test('an attempt whose check fails commits nothing and leaves nothing', async () => {
  const folder = scratchFolder();
  const file = await planned(folder, 'one');
  const run = await newRun(folder, file);
  const check = () => Promise.reject(new Error('lost'));
  const write = (path: string) => Promise.resolve(writeFileSync(path, 'ONE'));
  await expect(attempt(run, file, { write, check })).rejects.toThrow('lost');
  expect(readdirSync(folder)).toEqual(['.xrun', 'in.txt']);
  expect(readdirSync(join(run.path, 'tmp', '00000'))).toEqual([]);
});

test('a run that cannot be written down leaves the folder free', async () => {
  const out = scratchFolder();
  function* files() {
    yield { source: 'a.csv', destination: join(out, 'a.jsonl') };
    throw new Error('no plan');
  }
  await expect(openNewRun(out, { options: {}, files: files() })).rejects.toThrow('no plan');
  expect(readdirSync(join(out, '.xrun'))).toEqual([]);
  await openNewRun(out, { options: {}, files: [] });
});
