import { describe, expect, test } from 'vitest';

import { type PowerLossResult, enumerateCrashes } from '../../src/model/power-loss.ts';
import type { Tree } from '../../src/sandbox.ts';
import type { Trace } from '../../src/trace/operation.ts';
import type { Versions } from '../../src/model/verdict.ts';
import { flags, on, open, rename, swapped, traceOf, write } from '../made-trace.ts';

const old = Buffer.from('old');
const mode = 0o644;
const tree: Tree = { target: { content: old, mode } };
const after = Buffer.from('the new one');
const target = { path: 'target', before: old, after };

const crash = (trace: Trace, versions: Versions[] = [target], start = tree): PowerLossResult =>
  enumerateCrashes(trace, '/box', start, versions);

const create = open('/box/temp', 3, flags.create);
const fill = write(3, 'the new one');
const publish = rename('/box/temp', '/box/target');
const syncDirectory = [open('/box', 4, flags.read), on('fsync', 4), on('close', 4)];

describe('the order that keeps the promise', () => {
  test('breaks nothing', () => {
    const found = crash(
      traceOf(create, fill, on('fsync', 3), on('close', 3), publish, ...syncDirectory, 'resolved'),
    );
    expect(found.breaches).toEqual({ mixed: 0, absent: 0, mode: 0, lost: 0 });
    expect(found.exhaustive).toBe(true);
    expect(found.remarks).toEqual([]);
  });

  test('is judged at the start and after every begin, end and mark', () => {
    expect(crash(traceOf(create, fill, 'resolved')).points).toBe(1 + 2 + 2 + 1);
  });

  test('counts every way to lose what is not yet safe', () => {
    // Start: 1. While the temp has just been opened: its name kept or lost, twice (begin and end).
    expect(crash(traceOf(create)).states).toBe(1 + 2 + 2);
  });
});

describe('data', () => {
  test('that is not synced can be torn behind a rename', () => {
    const found = crash(traceOf(create, fill, on('close', 3), publish));
    expect(found.breaches.mixed).toBeGreaterThan(0);
    expect(found.findings[0]?.lost).toHaveLength(1);
  });

  test('is not settled by a sync that began before its write had ended', () => {
    const whole = traceOf(create, fill, on('fsync', 3), publish);
    const fillEnd = 3;
    expect(crash(swapped(whole, fillEnd)).breaches.mixed).toBeGreaterThan(0);
    expect(crash(whole).breaches.mixed).toBe(0);
  });

  test('stays in doubt after a failed sync, whatever a later one says', () => {
    const failed = on('fsync', 3, { error: 'EIO' });
    expect(crash(traceOf(create, fill, failed, on('fsync', 3), publish)).breaches.mixed).toBeGreaterThan(0);
  });

  test('written with O_SYNC is safe once the write has ended', () => {
    const synced = open('/box/temp', 3, flags.create | 0o4010000);
    expect(crash(traceOf(synced, fill, on('close', 3), publish)).breaches.mixed).toBe(0);
  });

  test('written in place can be any mixture of old and new', () => {
    const found = crash(traceOf(open('/box/target', 3, flags.truncate), fill, on('fsync', 3), 'resolved'));
    expect(found.breaches.mixed).toBeGreaterThan(0);
    expect(found.breaches.lost).toBe(0);
  });

  test('of which the writer was told a smaller count is shorter', () => {
    const short = { ...fill, outcome: { written: 4 } };
    const found = crash(traceOf(create, short, on('fsync', 3), on('close', 3), publish));
    expect(found.findings).toMatchObject([{ breach: 'mixed', size: 4, lost: [] }]);
  });
});

describe('names', () => {
  test('can be lost until their directory is synced', () => {
    const found = crash(traceOf(create, fill, on('fsync', 3), on('close', 3), publish, 'resolved'));
    expect(found.breaches).toMatchObject({ mixed: 0, lost: 2 });
  });

  test('are not settled by a sync that began before their call had ended', () => {
    const [openDirectory = '', syncName = ''] = syncDirectory;
    const trace = traceOf(create, fill, on('fsync', 3), openDirectory, publish, syncName, 'resolved');
    const publishEnd = 9;
    expect(crash(trace).breaches.lost).toBe(0);
    expect(crash(swapped(trace, publishEnd)).breaches.lost).toBeGreaterThan(0);
  });

  test('are not settled by a sync of another directory', () => {
    const start: Tree = { ...tree, other: { entries: {} } };
    const elsewhere = [open('/box/other', 4, flags.read), on('fsync', 4)];
    const trace = traceOf(create, fill, on('fsync', 3), publish, ...elsewhere, 'resolved');
    expect(crash(trace, [target], start).breaches.lost).toBeGreaterThan(0);
  });

  test('are gone at once when they are unlinked first', () => {
    const unlink = { name: 'unlink', path: '/box/target' };
    const found = crash(traceOf(create, fill, on('fsync', 3), unlink, publish, ...syncDirectory));
    expect(found.breaches.absent).toBeGreaterThan(0);
  });

  test('of a file that is linked into place appear whole or not at all', () => {
    const link = { name: 'link', path: '/box/temp', to: '/box/fresh' };
    const unlink = { name: 'unlink', path: '/box/temp' };
    const fresh = { path: 'fresh', before: undefined, after };
    const trace = traceOf(create, fill, on('fsync', 3), link, unlink, ...syncDirectory, 'resolved');
    expect(crash(trace, [fresh]).breaches).toEqual({ mixed: 0, absent: 0, mode: 0, lost: 0 });
  });

  test('behind a symbolic link in the path are found', () => {
    const start: Tree = { real: { entries: tree }, link: { target: 'real' } };
    const behind = { ...target, path: 'link/target' };
    const trace = traceOf(
      open('/box/link/temp', 3, flags.create),
      fill,
      on('fsync', 3),
      rename('/box/link/temp', '/box/link/target'),
      open('/box/link', 4, flags.read),
      on('fsync', 4),
      'resolved',
    );
    expect(crash(trace, [behind], start).breaches).toEqual({ mixed: 0, absent: 0, mode: 0, lost: 0 });
  });
});

describe('permissions', () => {
  const chmod = { ...on('fchmod', 3), mode: 0o664 };
  const strict = { ...target, mode: 0o664 };

  test('set before the sync are there with the new version', () => {
    expect(crash(traceOf(create, fill, chmod, on('fsync', 3), publish), [strict]).breaches.mode).toBe(0);
  });

  test('set after it, or synced as data only, can be missing', () => {
    const late = traceOf(create, fill, on('fsync', 3), chmod, publish);
    const data = traceOf(create, fill, chmod, on('fdatasync', 3), publish);
    expect(crash(late, [strict]).breaches.mode).toBeGreaterThan(0);
    expect(crash(data, [strict]).breaches.mode).toBeGreaterThan(0);
  });
});

test('a publication while the file is open for writing is remarked', () => {
  const found = crash(traceOf(create, fill, on('fsync', 3), publish, on('close', 3)));
  expect(found.remarks).toEqual([expect.stringContaining('still open for writing')]);
});

test('a call that the model has no rule for ends the examination', () => {
  const trace = traceOf(create, { name: 'fallocate', fd: 3 });
  expect(() => crash(trace)).toThrow('There is no rule for 2 fallocate fd 3');
});

test('too many combinations are sampled, the same ones for the same seed, and the result says so', () => {
  const writes = Array.from({ length: 12 }, (_, index) => write(3, `${index}`.repeat(4096)));
  const long = { ...target, after: Buffer.from(writes.map(({ data }) => String(data)).join('')) };
  const trace = traceOf(create, ...writes, on('close', 3), publish);
  const first = enumerateCrashes(trace, '/box', tree, [long], { limit: 200, seed: 7 });
  expect(first.exhaustive).toBe(false);
  expect(first.breaches.mixed).toBeGreaterThan(0);
  expect(enumerateCrashes(trace, '/box', tree, [long], { limit: 200, seed: 7 })).toEqual(first);
});
