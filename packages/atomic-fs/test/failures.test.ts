import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';

import { AtomicWriteError, open, replace, writeFile, writeFileSync } from '@x/atomic-fs';
import { type CallName, intercept, nodeHost, withHost } from '@x/atomic-fs/seam';
import { expect, test } from 'vitest';

import { makeDirectory } from './directory.ts';
import { failing, recording, systemError } from './host.ts';
import { isRoot } from './ownership.ts';

const makeTarget = (): string => {
  const target = path.join(makeDirectory(), 'out.csv');
  fs.writeFileSync(target, 'old', { mode: 0o644 });
  // Another group, so that there is something to keep.
  if (isRoot) fs.chownSync(target, 0, 4321);
  return target;
};

const stages: [CallName, number][] = [
  ['lstat', 1],
  ['open', 1],
  ['open', 2],
  ['fstat', 1],
  ['write', 1],
  ['write', 2],
  ...(isRoot ? ([['fchown', 1]] satisfies [CallName, number][]) : []),
  ['fchmod', 1],
  ['fsync', 1],
  ['close', 1],
  ['lstat', 2],
  ['rename', 1],
];
const codes = ['ENOSPC', 'EDQUOT', 'EIO', 'EACCES', 'EROFS', 'EMFILE', 'EXDEV', 'EBUSY'];

const failingAt = (stage: CallName, time: number, code: string): object =>
  failing({ [stage]: [...Array.from({ length: time - 1 }, () => 'proceed'), { throws: code }] });

async function failureOf(attempt: () => unknown): Promise<unknown> {
  try {
    return await attempt();
  } catch (error) {
    return error;
  }
}

// Too large to be gathered, so that there are two writes.
const data = [Buffer.alloc(600_000, 'a'), Buffer.alloc(600_000, 'b')];

test.each(stages)('a failure of %s, time %i, leaves the old file and no temp', async (stage, time) => {
  const target = makeTarget();
  const expectFailure = (failure: unknown, code: string): void => {
    expect(failure).toBeInstanceOf(AtomicWriteError);
    expect(failure).toMatchObject({ code, syscall: stage, path: target, committed: false });
    expect(failure).toHaveProperty('hint', expect.stringMatching(/^[A-Z].{20,}/));
    expect(fs.readFileSync(target, 'utf8')).toBe('old');
    expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
  };
  // A directory that may not be read is not synced, which is no failure.
  const failures = codes.filter((code) => !(stage === 'open' && time === 2 && code === 'EACCES'));
  for (const code of failures) {
    // oxlint-disable-next-line no-await-in-loop
    expectFailure(await failureOf(() => writeFile(target, data, failingAt(stage, time, code))), code);
    // oxlint-disable-next-line no-await-in-loop
    expectFailure(await failureOf(() => writeFileSync(target, data, failingAt(stage, time, code))), code);
  }
});

test('only EXDEV speaks of file systems that a rename cannot cross', async () => {
  const target = makeTarget();
  const speaking = codes.map(async (code) => {
    const failure = await failureOf(() => writeFile(target, data, failing({ rename: [{ throws: code }] })));
    return /two file systems/.test(String(failure)) ? [code] : [];
  });
  expect((await Promise.all(speaking)).flat()).toEqual(['EXDEV']);
});

test('EDQUOT, which Node.js has no name for, has one', async () => {
  const target = makeTarget();
  const errno = -constants.errno.EDQUOT;
  const code = `Unknown system error ${errno}`;
  const nameless = Object.assign(new Error(`${code}: write`), { code, errno, syscall: 'write' });
  const host = intercept(nodeHost, ({ name, proceed }) => {
    if (name === 'write') throw nameless;
    return proceed();
  });
  await expect(writeFile(target, 'x', withHost(host, {}))).rejects.toMatchObject({
    code: 'EDQUOT',
    hint: expect.stringMatching(/quota/),
    cause: nameless,
  });
});

test('a failed fsync is not tried again', async () => {
  const target = makeTarget();
  const fsyncs: string[] = [];
  const host = intercept(nodeHost, ({ name, proceed }) => {
    if (name !== 'fsync') return proceed();
    fsyncs.push(name);
    throw systemError('EIO', 'fsync');
  });
  const file = await open(target, withHost(host, {}));
  await file.write('new');
  await expect(file.commit()).rejects.toMatchObject({ code: 'EIO', syscall: 'fsync' });
  await expect(file.commit()).rejects.toMatchObject({ code: 'EIO', syscall: 'fsync' });
  expect(fsyncs).toHaveLength(1);
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

test('a failure after the rename says that the new content is there', async () => {
  const target = makeTarget();
  const afterwards = failing({ fsync: ['proceed', { throws: 'EIO' }] });
  const file = await open(target, afterwards);
  await file.write('new');
  const failed = { code: 'EIO', syscall: 'fsync', committed: true, hint: expect.stringMatching(/power cut/) };
  await expect(file.commit()).rejects.toMatchObject(failed);
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
  await expect(file.commit()).rejects.toMatchObject(failed);
  await file.discard();
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
  expect(() => writeFileSync(target, 'newer', failing({ fsync: ['proceed', { throws: 'EIO' }] }))).toThrow(
    expect.objectContaining(failed),
  );
  expect(fs.readdirSync(path.dirname(target))).toEqual(['out.csv']);
});

test.each(['EINVAL', 'ENOTSUP', 'ENOSYS', 'EPERM', 'EACCES'])(
  'a directory that cannot be synced (%s) is a warning',
  async (code) => {
    const target = makeTarget();
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown): void => void warnings.push(warning);
    await writeFile(target, 'new', failing({ fsync: ['proceed', { throws: code }] }, { onWarning }));
    await writeFile(target, 'new', failing({ open: ['proceed', { throws: code }] }, { onWarning }));
    expect(warnings).toMatchObject([
      { code: 'DIRECTORY_NOT_SYNCED', cause: { code } },
      { code: 'DIRECTORY_NOT_SYNCED', cause: { code } },
    ]);
  },
);

test('without onWarning the process is warned', async () => {
  const target = makeTarget();
  const warned = new Promise((resolve) => process.once('warning', resolve));
  await writeFile(target, 'new', failing({ fsync: ['proceed', { throws: 'EINVAL' }] }));
  expect(await warned).toMatchObject({ name: 'AtomicWriteWarning', code: 'DIRECTORY_NOT_SYNCED' });
});

test('an onWarning that throws does not make the write fail', async () => {
  const target = makeTarget();
  const warned = new Promise((resolve) => process.once('warning', resolve));
  const onWarning = (): void => {
    throw new Error('not my fault');
  };
  await writeFile(target, 'new', failing({ fsync: ['proceed', { throws: 'EINVAL' }] }, { onWarning }));
  await warned;
  expect(fs.readFileSync(target, 'utf8')).toBe('new');
});

test('a temp that cannot be removed is named with the failure, which stays the first one', async () => {
  const target = makeTarget();
  const warnings: unknown[] = [];
  const options = failing(
    { write: [{ throws: 'ENOSPC' }], unlink: [{ throws: 'EIO' }] },
    { onWarning: (warning) => warnings.push(warning) },
  );
  await expect(writeFile(target, 'new', options)).rejects.toThrow(
    /^ENOSPC: .*its temp .*out\.csv\.tmp could not be removed/,
  );
  expect(warnings).toMatchObject([{ code: 'TEMP_LEFT', cause: { code: 'EIO', syscall: 'unlink' } }]);
});

test('a temp that was replaced is not published, and not removed', async () => {
  const target = makeTarget();
  const file = await open(target);
  await file.write('ours');
  fs.unlinkSync(file.tempPath);
  fs.writeFileSync(file.tempPath, 'theirs, half');
  await expect(file.commit()).rejects.toMatchObject({ code: 'TEMP_CHANGED', committed: false });
  expect(fs.readFileSync(target, 'utf8')).toBe('old');
  expect(fs.readFileSync(file.tempPath, 'utf8')).toBe('theirs, half');
});

test('a temp that was removed is an error', async () => {
  const target = makeTarget();
  const file = await open(target);
  fs.unlinkSync(file.tempPath);
  await expect(file.commit()).rejects.toMatchObject({ code: 'TEMP_CHANGED' });
  expect(fs.readFileSync(target, 'utf8')).toBe('old');
});

test('short writes, one byte at a time, give the whole content', async () => {
  const target = makeTarget();
  const byBytes = (): object => {
    const host = intercept(nodeHost, ({ name, args, proceed }) => {
      if (name !== 'write') return proceed();
      const [fd, buffer, offset] = args;
      if (typeof fd !== 'number' || !(buffer instanceof Uint8Array) || typeof offset !== 'number')
        throw new Error('?');
      return fs.writeSync(fd, buffer, offset, 1);
    });
    return withHost(host, {});
  };
  await writeFile(target, 'async content', byBytes());
  expect(fs.readFileSync(target, 'utf8')).toBe('async content');
  writeFileSync(target, 'sync content', byBytes());
  expect(fs.readFileSync(target, 'utf8')).toBe('sync content');
});

test('a write that takes nothing is an error, not an endless loop', async () => {
  const target = makeTarget();
  await expect(writeFile(target, 'x', failing({ write: [{ returns: 0 }] }))).rejects.toMatchObject({
    code: 'EIO',
    syscall: 'write',
  });
});

test('weaker durability leaves out the syncs, and nothing else', async () => {
  const target = makeTarget();
  const syncsOf = async (durability: 'full' | 'data' | 'none'): Promise<string[]> => {
    const { calls, options } = recording();
    await writeFile(target, 'x', options({ durability }));
    return calls.filter((call) => /^(fsync|rename|open|close)/.test(call));
  };
  const [create, move] = ['open out.csv.tmp wx 1600', 'rename out.csv.tmp out.csv'];
  expect(await syncsOf('full')).toEqual([create, 'fsync', 'open . 0 0', 'close', move, 'fsync', 'close']);
  expect(await syncsOf('data')).toEqual([create, 'fsync', 'close', move]);
  expect(await syncsOf('none')).toEqual([create, 'close', move]);
});

/** Calls of which one fails, and after it all that clears up: it does what it is to do, and says that it has not. */
function failingTwice(stage: CallName, time: number): object {
  let calls = 0;
  let hasFailed = false;
  const host = intercept(nodeHost, ({ name, proceed }) => {
    const isToFail = name === stage && ++calls === time;
    // Whatever close says, the descriptor is gone.
    if (isToFail && name !== 'close') {
      hasFailed = true;
      throw systemError('EIO', name);
    }
    const done = proceed();
    if (!isToFail && (!hasFailed || (name !== 'close' && name !== 'unlink'))) return done;
    hasFailed = true;
    const failure = systemError(isToFail ? 'EIO' : 'EDQUOT', name);
    if (!(done instanceof Promise)) throw failure;
    return done.then(() => Promise.reject(failure));
  });
  return withHost(host, { onWarning: () => undefined });
}

const openIn = (directory: string): string[] =>
  fs.readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const file = fs.readlinkSync(`/proc/self/fd/${fd}`);
      return file.startsWith(directory) ? [file] : [];
    } catch {
      // The descriptor that has read the directory is gone.
      return [];
    }
  });

test.skipIf(process.platform !== 'linux').each([...stages, ['fsync', 2] satisfies [CallName, number]])(
  'a failure of %s, time %i, is the one that is told, whatever fails behind it, and nothing stays open',
  async (stage, time) => {
    const target = makeTarget();
    const directory = path.dirname(target);
    for (const write of [writeFile, writeFileSync]) {
      // oxlint-disable-next-line no-await-in-loop
      const failure = await failureOf(() => write(target, data, failingTwice(stage, time)));
      expect(failure).toMatchObject({ code: 'EIO', syscall: stage });
      expect(fs.readdirSync(directory)).toEqual(['out.csv']);
      expect(openIn(directory)).toEqual([]);
    }
  },
);

test('of a file that cannot be synced before it is moved, that is told, whatever close says', async () => {
  const [from, to] = [makeTarget(), makeTarget()];
  await expect(replace(from, to, failingTwice('fsync', 1))).rejects.toMatchObject({ syscall: 'fsync' });
  expect(fs.readFileSync(from, 'utf8')).toBe('old');
});
