import fs from 'node:fs';
import fsp from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { errorCode } from '../errors.ts';
import type { AsyncCalls, Host, SyncCalls } from './host.ts';

type Callback<T> = (error: NodeJS.ErrnoException | null, value: T) => void;

/** `fs.promises` opens a FileHandle for every descriptor; these calls stay with plain numbers. */
const promised = <T>(start: (done: Callback<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    start((error, value) => {
      if (error === null || error === undefined) resolve(value);
      else reject(error);
    });
  });

const bigint = { bigint: true } as const;

/** Milliseconds. Not by `performance`, whose first use loads a dozen modules of Node.js. */
const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

const sync: SyncCalls = {
  lstat: (path) => fs.lstatSync(path, { bigint: true, throwIfNoEntry: false }),
  stat: (path) => fs.statSync(path, bigint),
  fstat: (fd) => fs.fstatSync(fd, bigint),
  readlink: (path) => fs.readlinkSync(path),
  open: (path, flags, mode) => fs.openSync(path, flags, mode),
  close: (fd) => fs.closeSync(fd),
  read: (fd, buffer, offset, length, position) => fs.readSync(fd, buffer, offset, length, position),
  write: (fd, buffer, offset, length) => fs.writeSync(fd, buffer, offset, length, null),
  writev: (fd, buffers) => fs.writevSync(fd, buffers),
  ftruncate: (fd, length) => fs.ftruncateSync(fd, length),
  fchown: (fd, uid, gid) => fs.fchownSync(fd, uid, gid),
  fchmod: (fd, mode) => fs.fchmodSync(fd, mode),
  fsync: (fd) => fs.fsyncSync(fd),
  rename: (from, to) => fs.renameSync(from, to),
  link: (existing, path) => fs.linkSync(existing, path),
  unlink: (path) => fs.unlinkSync(path),
  symlink: (target, path, type) => fs.symlinkSync(target, path, type),
  readdir: (path) => fs.readdirSync(path),
  readText: (path) => fs.readFileSync(path, 'utf8'),
  umask: readUmask,
  effectiveUser: () => process.geteuid?.() ?? 0,
  processExists,
  now: monotonic,
  time: () => Date.now(),
  sleep: (milliseconds) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  },
};

const async: AsyncCalls = {
  lstat: (path) =>
    promised((done) => {
      fs.lstat(path, bigint, (error, stats) => {
        if (error?.code === 'ENOENT') done(null, undefined);
        else done(error, stats);
      });
    }),
  stat: (path) => promised((done) => fs.stat(path, bigint, done)),
  fstat: (fd) => promised((done) => fs.fstat(fd, bigint, done)),
  readlink: (path) => promised((done) => fs.readlink(path, done)),
  open: (path, flags, mode) => promised((done) => fs.open(path, flags, mode, done)),
  close: (fd) => promised((done) => fs.close(fd, (error) => done(error ?? null))),
  read: (fd, buffer, offset, length, position) =>
    promised((done) => fs.read(fd, buffer, offset, length, position, done)),
  write: (fd, buffer, offset, length) => promised((done) => fs.write(fd, buffer, offset, length, null, done)),
  writev: (fd, buffers) => promised((done) => fs.writev(fd, buffers, done)),
  ftruncate: (fd, length) => promised((done) => fs.ftruncate(fd, length, done)),
  fchown: (fd, uid, gid) => promised((done) => fs.fchown(fd, uid, gid, done)),
  fchmod: (fd, mode) => promised((done) => fs.fchmod(fd, mode, done)),
  fsync: (fd) => promised((done) => fs.fsync(fd, done)),
  rename: (from, to) => promised((done) => fs.rename(from, to, done)),
  link: (existing, path) => promised((done) => fs.link(existing, path, done)),
  unlink: (path) => promised((done) => fs.unlink(path, done)),
  symlink: (target, path, type) => promised((done) => fs.symlink(target, path, type, done)),
  readdir: (path) => promised((done) => fs.readdir(path, done)),
  readText: (path) => promised((done) => fs.readFile(path, 'utf8', done)),
  umask: readUmask,
  effectiveUser: () => process.geteuid?.() ?? 0,
  processExists,
  now: monotonic,
  time: () => Date.now(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, signal === undefined ? {} : { signal }),
  openHandle: (path, flags, mode) => fsp.open(path, flags, mode),
  closeHandle: (handle) => handle.close(),
};

/**
 * `process.umask()` reads by setting the mask to 0 and back, and a file that another thread creates
 * in between is open to everyone. Linux tells the mask without touching it.
 */
function readUmask(): number {
  const field = process.platform === 'linux' ? /^Umask:\t([0-7]+)$/m.exec(readStatusHead())?.[1] : undefined;
  return field === undefined ? process.umask() : Number.parseInt(field, 8);
}

/** The first lines of `/proc/self/status`, or nothing where there is no such file. */
function readStatusHead(): string {
  let fd: number;
  try {
    fd = fs.openSync('/proc/self/status', 'r');
  } catch {
    return '';
  }
  try {
    const head = Buffer.allocUnsafe(128);
    return head.toString('latin1', 0, fs.readSync(fd, head, 0, head.length, 0));
  } finally {
    fs.closeSync(fd);
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return errorCode(error) !== 'ESRCH';
  }
}

export const nodeHost: Host = { platform: process.platform, pid: process.pid, sync, async };
