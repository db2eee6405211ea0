import fs from 'node:fs';
import path from 'node:path';

import {
  type Options,
  type ReplaceOptions,
  open,
  replace,
  replaceSync,
  writeFile,
  writeFileSync,
} from '@x/atomic-fs';
import { type Host, type Interception, intercept, nodeHost, withHost } from '@x/atomic-fs/seam';
import { expect, test } from 'vitest';

import { platformOf } from '../src/host/platform.ts';
import { makeDirectory } from './directory.ts';
import { systemError } from './host.ts';

const makeTarget = (): string => {
  const target = path.join(makeDirectory(), 'out.csv');
  fs.writeFileSync(target, 'old');
  return target;
};

/** A host that plays another system, with a clock that only waiting moves. */
function playing(
  platform: NodeJS.Platform,
  decide: (call: Interception) => unknown = ({ proceed }) => proceed(),
): { host: Host; calls: string[]; waits: number[] } {
  const calls: string[] = [];
  const waits: number[] = [];
  let now = 0;
  const host = intercept(nodeHost, (call) => {
    if (call.name === 'now') return now;
    if (call.name === 'sleep') {
      const milliseconds = Number(call.args[0]);
      waits.push(milliseconds);
      now += milliseconds;
      return undefined;
    }
    calls.push(call.name);
    return decide(call);
  });
  return { host: { ...host, platform }, calls, waits };
}

/** The rename is refused until the host has waited so often. */
const refusing = (code: string, times: number): ((call: Interception) => unknown) => {
  let left = times;
  return ({ name, proceed }) => {
    if (name === 'rename' && left-- > 0) throw systemError(code, name);
    return proceed();
  };
};

test('Windows: directories are not synced, owners not given, modes only where a file is read-only', async () => {
  const target = makeTarget();
  const { host, calls } = playing('win32');
  await writeFile(target, 'new', withHost(host, {}));
  expect(calls).toEqual(
    ['lstat', 'open', 'fstat', 'write', 'umask', 'fsync', 'close', 'lstat', 'rename'].filter(
      (name) => name !== 'umask',
    ),
  );
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
  const readOnly = playing('win32');
  await writeFile(target, 'newer', withHost<Options>(readOnly.host, { mode: 0o444 }));
  expect(readOnly.calls).toContain('fchmod');
});

test.each(['EPERM', 'EACCES', 'EBUSY'])('Windows: %s is waited for, in growing steps', async (code) => {
  const target = makeTarget();
  const { host, waits } = playing('win32', refusing(code, 12));
  await writeFile(target, 'new', withHost(host, {}));
  expect(waits).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 100, 100]);
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
});

test('Windows: the wait ends after 10 s, in blocking calls after 1 s, and what is left is waited exactly', async () => {
  const target = makeTarget();
  const patient = playing('win32', refusing('EPERM', 1_000_000));
  await expect(writeFile(target, 'new', withHost(patient.host, {}))).rejects.toMatchObject({
    code: 'EPERM',
    syscall: 'rename',
    committed: false,
  });
  expect(patient.waits.reduce((sum, wait) => sum + wait)).toBe(10_000);
  const hasty = playing('win32', refusing('EBUSY', 1_000_000));
  expect(() => writeFileSync(target, 'new', withHost(hasty.host, {}))).toThrow(/EBUSY/);
  expect(hasty.waits.reduce((sum, wait) => sum + wait)).toBe(1000);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

test('the wait can be set, also to none, and other errors are not waited for', async () => {
  const target = makeTarget();
  const short = playing('win32', refusing('EPERM', 1_000_000));
  await expect(writeFile(target, 'x', withHost<Options>(short.host, { retryTimeout: 25 }))).rejects.toThrow(
    'EPERM',
  );
  expect(short.waits).toEqual([10, 15]);
  const none = playing('win32', refusing('EPERM', 1_000_000));
  await expect(writeFile(target, 'x', withHost<Options>(none.host, { retryTimeout: 0 }))).rejects.toThrow(
    'EPERM',
  );
  expect(none.waits).toEqual([]);
  const other = playing('win32', refusing('ENOSPC', 1_000_000));
  await expect(writeFile(target, 'x', withHost(other.host, {}))).rejects.toThrow('ENOSPC');
  expect(other.waits).toEqual([]);
});

test('Windows: a read-only target and a directory fail at once', async () => {
  const target = makeTarget();
  fs.chmodSync(target, 0o444);
  const { host, waits } = playing('win32', refusing('EPERM', 1_000_000));
  await expect(writeFile(target, 'new', withHost(host, {}))).rejects.toMatchObject({ code: 'EPERM' });
  const folder = path.join(path.dirname(target), 'folder');
  fs.mkdirSync(folder);
  await expect(
    replace(target, folder, withHost<ReplaceOptions>(host, { durability: 'none' })),
  ).rejects.toMatchObject({ code: 'EPERM' });
  expect(waits).toEqual([]);
});

test('a temp that is replaced while it waits is not published', async () => {
  const target = makeTarget();
  const temp = `${target}.tmp`;
  const { host } = playing('win32', ({ name, proceed }) => {
    if (name !== 'rename') return proceed();
    fs.rmSync(temp);
    fs.writeFileSync(temp, 'theirs');
    throw systemError('EBUSY', name);
  });
  await expect(writeFile(target, 'new', withHost(host, {}))).rejects.toMatchObject({ code: 'TEMP_CHANGED' });
  expect(fs.readFileSync(target, 'utf8')).toBe('old');
  expect(fs.readFileSync(temp, 'utf8')).toBe('theirs');
});

test('Windows: a file to be synced is opened for writing', () => {
  const target = makeTarget();
  const flags: unknown[] = [];
  const { host } = playing('win32', ({ name, args, proceed }) => {
    if (name === 'open') flags.push(args[1]);
    return proceed();
  });
  replaceSync(target, `${target}2`, withHost(host, {}));
  expect(flags).toEqual([fs.constants.O_RDWR]);
});

test('Windows: names are counted in UTF-16, elsewhere in bytes', async () => {
  const name = 'é'.repeat(200);
  expect(platformOf('win32').nameLength(name)).toBe(200);
  expect(platformOf('linux').nameLength(name)).toBe(400);
  expect(platformOf('win32').isDevicePath(String.raw`\\.\pipe\x`)).toBe(true);
  expect(platformOf('win32').isDevicePath(String.raw`C:\pipe\x`)).toBe(false);
});

test('macOS: no waiting, no marks, directories are synced', async () => {
  const target = makeTarget();
  const modes: unknown[] = [];
  const { host, calls, waits } = playing('darwin', (call) => {
    if (call.name === 'open' && call.args[1] === 'wx') modes.push(call.args[2]);
    return refusing('EBUSY', 0)(call);
  });
  await writeFile(target, 'new', withHost(host, {}));
  expect(modes).toEqual([0o600]);
  expect(calls.filter((name) => name === 'fsync')).toHaveLength(2);
  const refused = playing('darwin', refusing('EPERM', 1));
  await expect(writeFile(target, 'x', withHost(refused.host, {}))).rejects.toThrow('EPERM');
  expect([...waits, ...refused.waits]).toEqual([]);
});

test('Linux: no waiting, unless it is asked for', async () => {
  const target = makeTarget();
  const refused = playing('linux', refusing('EBUSY', 3));
  await expect(writeFile(target, 'x', withHost(refused.host, {}))).rejects.toThrow('EBUSY');
  expect(refused.waits).toEqual([]);
  const asked = playing('linux', refusing('EBUSY', 3));
  const file = await open(target, withHost<Options>(asked.host, { retryTimeout: 1000 }));
  await file.write('new');
  await file.commit();
  expect(asked.waits).toEqual([10, 20, 30]);
});
