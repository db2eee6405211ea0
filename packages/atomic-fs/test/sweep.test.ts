import fs from 'node:fs';
import path from 'node:path';

import {
  type Options,
  type SweepOptions,
  open,
  sweep as sweepSlowly,
  symlink,
  tempPathFor,
  writeFile,
} from '@x/atomic-fs';
import { type Host, intercept, nodeHost, withHost } from '@x/atomic-fs/seam';
import { type TestContext, expect, test } from 'vitest';

import { runSync } from '../src/host/steps.ts';
import { nameTemp } from '../src/temp-name/temp-name.ts';
import { printed, resultOf, startFixture } from './child.ts';
import { makeDirectory } from './directory.ts';
import { hasty, systemError } from './host.ts';
import { changeLater } from './system.ts';

const unique: Options = { tempName: 'unique' };

/** Without the wait for writers that are about to rename. */
const sweep = (from: string, options: SweepOptions = {}, host: Host = nodeHost): Promise<string[]> =>
  sweepSlowly(from, withHost(hasty(host), options));

const listed = (directory: string): string[] => fs.readdirSync(directory).toSorted();
const put = (file: string, mode = 0o644): string => {
  fs.writeFileSync(file, 'content');
  fs.chmodSync(file, mode);
  return file;
};

function needProc(context: TestContext): void {
  if (process.platform !== 'linux') context.skip('only Linux tells which files other processes have open');
}

/** Starts to write files in another process and kills that. Gives the temps that it left. */
async function killWriter(...targets: string[]): Promise<string[]> {
  const child = startFixture('hold-many.mjs', targets);
  const result = resultOf(child);
  await printed(child, 'ready');
  child.kill('SIGKILL');
  const { stdout } = await result;
  const temps = stdout.trim().split('\n').slice(0, -1);
  expect(temps.filter((temp) => fs.existsSync(temp))).toHaveLength(targets.length * 2);
  return temps;
}

/** What `/proc/<pid>/stat` says of a process that started at that tick. */
const statOf = (start: number): string => `1 (a program) S ${'0 '.repeat(18)}${start} 0`;

/** No process has the largest id there can be. */
const deadHost: Host = {
  ...intercept(nodeHost, ({ args, proceed }) =>
    /^\/proc\/\d+\/stat$/.test(String(args[0])) ? statOf(1234) : proceed(),
  ),
  pid: 2 ** 22 - 1,
};

/** A temp with the token of a process that is no more. */
const leaveTemp = (target: string): string =>
  put(runSync(deadHost.sync, nameTemp(target, 'unique', deadHost)), 0o1600);

test('the temps of killed writers are removed from a directory, and nothing else', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const at = (name: string): string => path.join(directory, name);
  const foreign = ['out.csv', 'notes.tmp', 'a.txt.tmp', '.tmp', 'tmp', 'out.csv.1a2b3c.tmp', 'out.csv.bak'];
  for (const name of foreign) put(at(name));
  put(at('private.tmp'), 0o600);
  put(at(path.basename(tempPathFor('/elsewhere/other', 'unique')).replace('other', 'another')), 0o600);
  fs.mkdirSync(at('folder.tmp'));
  fs.symlinkSync('notes.tmp', at('link.tmp'));
  const kept = listed(directory);

  const long = 'é'.repeat(127);
  const left = await killWriter(at('out.csv'), at('new.csv'), at(long));
  expect(await sweep(directory, { dryRun: true })).toEqual(left.toSorted());
  expect(await sweep(directory)).toEqual(left.toSorted());
  expect(listed(directory)).toEqual(kept);
  expect(await sweep(directory)).toEqual([]);
});

test('for one target its own temps are removed, whatever mode they have by then', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const target = path.join(directory, 'out.csv');
  const other = leaveTemp(`${target}.gz`);
  const left = [put(`${target}.tmp`), leaveTemp(target)];
  expect(await sweep(target)).toEqual(left.toSorted());
  expect(listed(directory)).toEqual([path.basename(other)]);

  const link = path.join(makeDirectory(), 'link');
  fs.symlinkSync(`${target}.gz`, link);
  expect(await sweep(link)).toEqual([other]);
});

test('the temps of writers at work stay', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const target = path.join(directory, 'out.csv');
  const theirs = startFixture('hold.mjs', [target, '{}', 'listenAndCommit', 'wait']);
  const result = resultOf(theirs);
  await printed(theirs, 'ready');
  const unlike = startFixture('hold.mjs', [`${target}2`, '{"tempName":"unique"}', 'wait']);
  await printed(unlike, 'ready');
  const ours = await open(target);
  const before = listed(directory);
  expect(before).toHaveLength(3);
  expect(await sweep(directory)).toEqual([]);
  expect(await sweep(target)).toEqual([]);
  expect(listed(directory)).toEqual(before);
  theirs.kill('SIGTERM');
  expect(await result).toMatchObject({ code: 5 });
  await ours.commit();
});

test('a temp of this process that this thread knows nothing of is judged by who has it open', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const temp = put(tempPathFor(path.join(directory, 'out'), 'unique'), 0o1600);
  const fd = fs.openSync(temp, 'r+');
  expect(await sweep(directory)).toEqual([]);
  fs.closeSync(fd);
  expect(await sweep(directory)).toEqual([temp]);
});

test('the temp of a process that runs stays, although it has it open no more', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const child = startFixture('hold.mjs', [path.join(directory, 'out'), '{"tempName":"unique"}', 'wait']);
  await printed(child, 'ready');
  const [name = ''] = listed(directory);
  const closed = path.join(directory, 'closed');
  put(closed, 0o1600);
  fs.renameSync(closed, path.join(directory, name));
  expect(await sweep(directory)).toEqual([]);
  expect(listed(directory)).toEqual([name]);
});

test('a temp that is renamed while it is looked at stays', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const temp = put(path.join(directory, 'out.tmp'), 0o1600);
  const host = intercept(nodeHost, ({ name, proceed }) => {
    if (name === 'sleep') changeLater(temp, () => fs.chmodSync(temp, 0o644));
    return proceed();
  });
  expect(await sweepSlowly(directory, withHost(host, {}))).toEqual([]);
  expect(listed(directory)).toEqual(['out.tmp']);
});

/** A host with the same pid in another pid namespace, as two containers may have it. */
const elsewhere: Host = intercept(nodeHost, ({ name, args, proceed }) =>
  name === 'readlink' && args[0] === '/proc/self/ns/pid' ? 'pid:[1]' : proceed(),
);

function atTime(host: Host, later: number): Host {
  return intercept(host, ({ name, proceed }) => (name === 'time' ? Date.now() + later : proceed()));
}

test('a writer elsewhere with the same pid is not taken for a dead one of this machine', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const file = await open(path.join(directory, 'out'), withHost(elsewhere, unique));
  // The name alone stays, as another container would show it: not open here, and of no thread here.
  const theirs = file.tempPath;
  await file.discard();
  put(theirs, 0o1600);
  const noSuchProcess = intercept(nodeHost, ({ name, proceed }) => name !== 'processExists' && proceed());
  expect(await sweep(directory, {}, noSuchProcess)).toEqual([]);
  expect(await sweep(directory, {}, atTime(noSuchProcess, 3_500_000))).toEqual([]);
  expect(await sweep(directory, {}, atTime(noSuchProcess, 3_700_000))).toEqual([theirs]);
});

test('a process id that is in use again does not keep a temp', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const temp = leaveTemp(path.join(directory, 'out'));
  const startedAt = (start: number): Host =>
    intercept(nodeHost, ({ name, args, proceed }) => {
      if (name === 'processExists') return true;
      return name === 'readText' && /^\/proc\/\d+\/stat$/.test(String(args[0])) ? statOf(start) : proceed();
    });
  expect(await sweep(directory, {}, startedAt(1234))).toEqual([]);
  expect(await sweep(directory, {}, startedAt(5678))).toEqual([temp]);
});

test('minAge keeps what is younger, whoever left it', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const temp = leaveTemp(path.join(directory, 'out'));
  expect(await sweep(directory, { minAge: 60_000 })).toEqual([]);
  expect(await sweep(directory, { minAge: 60_000 }, atTime(nodeHost, 61_000))).toEqual([temp]);
});

test('without /proc a temp has to be an hour old', async () => {
  const directory = makeDirectory();
  const target = path.join(directory, 'out');
  const temp = put(`${target}.tmp`, 0o600);
  const mac: Host = { ...nodeHost, platform: 'darwin' };
  expect(await sweep(target, {}, mac)).toEqual([]);
  expect(await sweep(target, {}, atTime(mac, 3_700_000))).toEqual([temp]);
});

test('directories below are swept on request, links are not followed', async (context) => {
  needProc(context);
  const [directory, outside] = [makeDirectory(), makeDirectory()];
  const below = path.join(directory, 'a', 'b');
  fs.mkdirSync(below, { recursive: true });
  fs.symlinkSync(outside, path.join(directory, 'outside'));
  put(path.join(outside, 'x.tmp'), 0o1600);
  const temp = put(path.join(below, 'x.tmp'), 0o1600);
  expect(await sweep(directory)).toEqual([]);
  expect(await sweep(directory, { recursive: true })).toEqual([temp]);
  expect(listed(outside)).toEqual(['x.tmp']);
});

test('the temp of a link that was being flipped is swept', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const link = path.join(directory, 'current');
  const gone = intercept(nodeHost, ({ name, args, proceed }) => {
    if (name === 'rename') throw systemError('EIO', name);
    if (name === 'unlink' && String(args[0]).endsWith('.tmp')) throw systemError('EIO', name);
    return proceed();
  });
  const flip = symlink.bind(undefined, 'v1', link, withHost(gone, { onWarning: () => undefined }));
  await expect(flip()).rejects.toMatchObject({ code: 'EIO' });
  // The second one finds the name taken and has a token in its own.
  await expect(flip()).rejects.toMatchObject({ code: 'EIO' });
  const without = 'current.tmp';
  // Which of the two comes first is for the token to say.
  const [withToken, ...others] = listed(directory).filter((name) => name !== without);
  expect(withToken).toMatch(/^current\.[^.]+\.tmp$/);
  expect([others, listed(directory).length]).toEqual([[], 2]);
  const dead = intercept(nodeHost, ({ name, proceed }) => (name === 'processExists' ? false : proceed()));
  // A `.tmp` that bears no mark may be anybody's, unless the target is named.
  expect(await sweep(directory, {}, dead)).toEqual([path.join(directory, withToken ?? '')]);
  expect(await sweep(link, {}, dead)).toEqual([path.join(directory, without)]);
});

test('a temp that cannot be removed is a warning, and the rest is swept', async (context) => {
  needProc(context);
  const directory = makeDirectory();
  const [one, two] = ['1', '2'].map((name) => put(path.join(directory, `${name}.tmp`), 0o1600));
  const warnings: unknown[] = [];
  const host = intercept(nodeHost, ({ name, args, proceed }) => {
    if (name === 'unlink' && args[0] === one) throw systemError('EPERM', name);
    return proceed();
  });
  const options = { onWarning: (warning: unknown) => void warnings.push(warning) };
  expect(await sweep(directory, options, host)).toEqual([two]);
  expect(warnings).toMatchObject([{ code: 'TEMP_LEFT', cause: { code: 'EPERM' } }]);
});

test('a directory that is not there is an error, an aborted signal too', async () => {
  const directory = makeDirectory();
  await expect(sweep(path.join(directory, 'no', 'where'))).rejects.toMatchObject({ code: 'ENOENT' });
  put(path.join(directory, 'x.tmp'), 0o1600);
  await expect(sweep(directory, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'ABORT_ERR',
  });
  await writeFile(path.join(directory, 'y'), 'unharmed');
});
