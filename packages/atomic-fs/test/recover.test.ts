import fs from 'node:fs';
import path from 'node:path';

import { type AtomicWriteWarning, open, writeFile, writeFileSync } from '@x/atomic-fs';
import { intercept, nodeHost, withHost } from '@x/atomic-fs/seam';
import { expect, test } from 'vitest';

import { printed, resultOf, startFixture } from './child.ts';
import { makeDirectory } from './directory.ts';
import { failing, hasty } from './host.ts';
import { changeLater } from './system.ts';

const makeTarget = (): string => path.join(makeDirectory(), 'out.csv');
const listed = (target: string): string[] => fs.readdirSync(path.dirname(target)).toSorted();

function collecting(): { warnings: AtomicWriteWarning[]; onWarning: (warning: AtomicWriteWarning) => void } {
  const warnings: AtomicWriteWarning[] = [];
  return { warnings, onWarning: (warning) => void warnings.push(warning) };
}

/** Starts to write a file in another process, and kills that. */
async function killWriter(target: string): Promise<void> {
  const child = startFixture('hold.mjs', [target, '{}', 'wait']);
  const result = resultOf(child);
  await printed(child, 'ready');
  child.kill('SIGKILL');
  await result;
  expect(listed(target)).toContain(`${path.basename(target)}.tmp`);
}

test('the temp of a killed run is removed after the next one published, with a warning', async () => {
  const target = makeTarget();
  await killWriter(target);
  const { warnings, onWarning } = collecting();
  await writeFile(target, 'new', { onWarning });
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
  expect(listed(target)).toEqual(['out.csv']);
  expect(warnings).toMatchObject([
    {
      name: 'AtomicWriteWarning',
      code: 'LEFTOVER_REMOVED',
      message: expect.stringContaining(`${target}.tmp`),
    },
  ]);
});

test('by the blocking form as well, and whatever mode the temp has by then', () => {
  const target = makeTarget();
  fs.writeFileSync(`${target}.tmp`, 'left when it was being renamed', { mode: 0o644 });
  const { warnings, onWarning } = collecting();
  writeFileSync(target, 'new', withHost(hasty(), { onWarning }));
  expect(listed(target)).toEqual(['out.csv']);
  expect(warnings).toHaveLength(1);
});

test.for([
  ['writeFile', writeFile],
  ['writeFileSync', async (...args: Parameters<typeof writeFileSync>) => writeFileSync(...args)],
] as const)(
  '%s: a leftover that somebody else removes at the same moment is no failure',
  async ([, write]) => {
    const target = makeTarget();
    fs.writeFileSync(`${target}.tmp`, 'left');
    let removals = 0;
    const host = intercept(hasty(), ({ name, args, proceed }) => {
      if (name === 'unlink' && args[0] === `${target}.tmp`) {
        removals++;
        fs.unlinkSync(`${target}.tmp`);
      }
      return proceed();
    });
    const { warnings, onWarning } = collecting();
    await write(target, 'new', withHost(host, { onWarning }));
    expect(removals).toBe(1);
    expect(warnings).toEqual([]);
    expect(listed(target)).toEqual(['out.csv']);
  },
);

test('until the new content is published the leftover is not touched', async () => {
  const target = makeTarget();
  fs.writeFileSync(`${target}.tmp`, 'left');
  const file = await open(target);
  expect(file.tempPath).not.toBe(`${target}.tmp`);
  await file.discard();
  expect(fs.readFileSync(`${target}.tmp`, 'utf8')).toBe('left');
  await expect(writeFile(target, 'x', failing({ rename: [{ throws: 'EIO' }] }))).rejects.toThrow('EIO');
  expect(listed(target)).toEqual(['out.csv.tmp']);
});

test.each([
  ['was written since', (temp: string) => fs.appendFileSync(temp, '!')],
  ['was replaced since', (temp: string) => fs.renameSync(`${temp}2`, temp)],
  ['got another mode since', (temp: string) => changeLater(temp, () => fs.chmodSync(temp, 0o640))],
  ['is gone since', (temp: string) => fs.rmSync(temp)],
])('a temp that %s is left alone', async (_how, change) => {
  const target = makeTarget();
  fs.writeFileSync(`${target}.tmp`, 'left');
  fs.writeFileSync(`${target}.tmp2`, 'left');
  const { warnings, onWarning } = collecting();
  const file = await open(target, { onWarning });
  await file.write('new');
  change(`${target}.tmp`);
  const before = listed(target).filter((name) => name !== path.basename(file.tempPath));
  await file.commit();
  expect(listed(target)).toEqual([...before, 'out.csv'].toSorted());
  expect(warnings).toEqual([]);
});

test.each([
  ['a directory', (temp: string) => fs.mkdirSync(temp)],
  ['a symbolic link', (temp: string) => fs.symlinkSync('/etc/hostname', temp)],
])('%s with the name of the temp is left alone', async (_kind, put) => {
  const target = makeTarget();
  put(`${target}.tmp`);
  await writeFile(target, 'new');
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
  expect(listed(target)).toEqual(['out.csv', 'out.csv.tmp']);
});

test('the temp of a writer at work is left alone: in this process', async () => {
  const target = makeTarget();
  const slow = await open(target);
  await slow.write('slow');
  const { warnings, onWarning } = collecting();
  await writeFile(target, 'quick', { onWarning });
  expect(fs.readFileSync(target, 'utf8')).toBe('quick');
  await slow.commit();
  expect(fs.readFileSync(target, 'utf8')).toBe('slow');
  expect(listed(target)).toEqual(['out.csv']);
  expect(warnings).toEqual([]);
});

test('the temp of a writer at work is left alone: in another process', async (context) => {
  if (process.platform !== 'linux') context.skip('only Linux tells which files other processes have open');
  const target = makeTarget();
  const child = startFixture('hold.mjs', [target, '{}', 'listenAndCommit', 'wait']);
  const result = resultOf(child);
  await printed(child, 'ready');
  const { warnings, onWarning } = collecting();
  await writeFile(target, 'quick', { onWarning });
  expect(fs.readFileSync(target, 'utf8')).toBe('quick');
  child.kill('SIGTERM');
  expect(await result).toMatchObject({ code: 5, stderr: '' });
  expect(fs.readFileSync(target, 'utf8')).toBe('half of it, and the rest');
  expect(listed(target)).toEqual(['out.csv']);
  expect(warnings).toEqual([]);
});

test('a temp that nobody has open any more, but that is renamed in a moment, is left alone', async () => {
  const target = makeTarget();
  fs.writeFileSync(`${target}.tmp`, 'about to be renamed');
  const { warnings, onWarning } = collecting();
  const host = intercept(nodeHost, ({ name, proceed }) =>
    name === 'sleep' ? fs.renameSync(`${target}.tmp`, target) : proceed(),
  );
  await writeFile(target, 'new', withHost(host, { onWarning }));
  expect(fs.readFileSync(target, 'utf8')).toBe('about to be renamed');
  expect(warnings).toEqual([]);
});

test('where nobody can tell who has a file open, a temp has to be old', async () => {
  const target = makeTarget();
  fs.writeFileSync(`${target}.tmp`, 'left');
  let later = 0;
  const mac = {
    ...intercept(nodeHost, ({ name, proceed }) => (name === 'time' ? Date.now() + later : proceed())),
    platform: 'darwin',
  } as const;
  await writeFile(target, 'new', withHost(mac, {}));
  expect(listed(target)).toEqual(['out.csv', 'out.csv.tmp']);
  later = 61_000;
  const { warnings, onWarning } = collecting();
  await writeFile(target, 'new', withHost(mac, { onWarning }));
  expect(listed(target)).toEqual(['out.csv']);
  expect(warnings).toHaveLength(1);
});

test('where nobody can tell, the temps of this thread stay, however old', async () => {
  const target = makeTarget();
  const slow = await open(target);
  const later = intercept(nodeHost, ({ name, proceed }) =>
    name === 'time' ? Date.now() + 3_600_000 : proceed(),
  );
  await writeFile(target, 'quick', withHost({ ...later, platform: 'darwin' }, {}));
  await slow.write('slow');
  await slow.commit();
  expect(fs.readFileSync(target, 'utf8')).toBe('slow');
});

test('a leftover that cannot be removed is a warning', async () => {
  const target = makeTarget();
  fs.writeFileSync(`${target}.tmp`, 'left');
  const { warnings, onWarning } = collecting();
  await writeFile(target, 'new', failing({ unlink: [{ throws: 'EPERM' }] }, { onWarning }));
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
  expect(warnings).toMatchObject([{ code: 'TEMP_LEFT', cause: { code: 'EPERM' } }]);
});

test("onTempExists: 'error' raises instead, and touches nothing", async () => {
  const target = makeTarget();
  fs.writeFileSync(target, 'old');
  fs.writeFileSync(`${target}.tmp`, 'left');
  const taken = {
    code: 'EEXIST',
    path: target,
    message: expect.stringContaining(`${target}.tmp exists already`),
    hint: expect.stringContaining("onTempExists: 'recover'"),
  };
  await expect(writeFile(target, 'new', { onTempExists: 'error' })).rejects.toMatchObject(taken);
  expect(() => writeFileSync(target, 'new', { onTempExists: 'error' })).toThrow(
    expect.objectContaining(taken),
  );
  expect(fs.readFileSync(target, 'utf8')).toBe('old');
  expect(fs.readFileSync(`${target}.tmp`, 'utf8')).toBe('left');
  await writeFile(target, 'new', { onTempExists: 'error', tempName: 'unique' });
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
});

test('a file that a function named and that is there already is never removed', async () => {
  const target = makeTarget();
  const taken = path.join(path.dirname(target), 'precious');
  fs.writeFileSync(taken, 'precious');
  await writeFile(target, 'new', { tempName: () => taken });
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
  expect(fs.readFileSync(taken, 'utf8')).toBe('precious');
});

test("another user's temp, whose processes are not shown, has to be old", async (context) => {
  if (process.platform !== 'linux') context.skip('only Linux tells which files other processes have open');
  const target = makeTarget();
  fs.writeFileSync(`${target}.tmp`, 'left');
  const stranger = intercept(nodeHost, ({ name, proceed }) => (name === 'effectiveUser' ? 4321 : proceed()));
  await writeFile(target, 'new', withHost(stranger, {}));
  expect(listed(target)).toEqual(['out.csv', 'out.csv.tmp']);
  await writeFile(target, 'new', withHost(hasty(), { onWarning: () => undefined }));
  expect(listed(target)).toEqual(['out.csv']);
});
