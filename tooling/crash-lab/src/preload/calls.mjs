// @ts-check
import { constants } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * One file-system call, in terms that every style of `node:fs` shares.
 *
 * @typedef {{
 *   operation: string,
 *   path?: string,
 *   to?: string,
 *   fd?: number,
 *   flags?: number,
 *   mode?: number,
 *   uid?: number,
 *   gid?: number,
 *   length?: number,
 *   position?: number | null,
 *   linkTarget?: string,
 *   recursive?: boolean,
 *   data?: Uint8Array,
 * }} Call
 *
 * @typedef {(...args: any[]) => Call} Describe
 */

const writeOnly = constants.O_WRONLY | constants.O_CREAT;
const readWrite = constants.O_RDWR | constants.O_CREAT;

/** The flag strings of `fs.open`, as in Node's documentation ("File system flags"). */
const flagStrings = new Map(
  Object.entries({
    r: constants.O_RDONLY,
    rs: constants.O_RDONLY | constants.O_SYNC,
    'r+': constants.O_RDWR,
    'rs+': constants.O_RDWR | constants.O_SYNC,
    w: writeOnly | constants.O_TRUNC,
    wx: writeOnly | constants.O_TRUNC | constants.O_EXCL,
    'w+': readWrite | constants.O_TRUNC,
    'wx+': readWrite | constants.O_TRUNC | constants.O_EXCL,
    a: writeOnly | constants.O_APPEND,
    ax: writeOnly | constants.O_APPEND | constants.O_EXCL,
    as: writeOnly | constants.O_APPEND | constants.O_SYNC,
    'a+': readWrite | constants.O_APPEND,
    'ax+': readWrite | constants.O_APPEND | constants.O_EXCL,
    'as+': readWrite | constants.O_APPEND | constants.O_SYNC,
    sr: constants.O_RDONLY | constants.O_SYNC,
    'sr+': constants.O_RDWR | constants.O_SYNC,
    xw: writeOnly | constants.O_TRUNC | constants.O_EXCL,
    'xw+': readWrite | constants.O_TRUNC | constants.O_EXCL,
    xa: writeOnly | constants.O_APPEND | constants.O_EXCL,
    'xa+': readWrite | constants.O_APPEND | constants.O_EXCL,
    sa: writeOnly | constants.O_APPEND | constants.O_SYNC,
    'sa+': readWrite | constants.O_APPEND | constants.O_SYNC,
  }),
);

/** @param {string | number | null | undefined} flags */
export function openFlags(flags) {
  if (typeof flags === 'number') return flags;
  const known = flagStrings.get(flags ?? 'r');
  // Node itself rejects an unknown string; the recorder must not be what fails.
  return known ?? constants.O_RDONLY;
}

/** @param {unknown} path */
export function absolute(path) {
  if (path instanceof URL) return fileURLToPath(path);
  return resolve(path instanceof Uint8Array ? Buffer.from(path).toString() : String(path));
}

/** @param {number | string | null | undefined} mode */
const modeBits = (mode) => (typeof mode === 'string' ? Number.parseInt(mode, 8) : (mode ?? 0o666));

/** @param {ArrayBufferView} view */
const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/**
 * The bytes and the position of a `write(fd, buffer, offset|options, length, position)` or
 * `write(fd, string, position, encoding)`.
 *
 * @type {Describe}
 */
function write(fd, data, ...rest) {
  if (typeof data === 'string') {
    const [position, encoding] = rest;
    return {
      operation: 'write',
      fd,
      data: Buffer.from(data, Buffer.isEncoding(encoding) ? encoding : 'utf8'),
      position: typeof position === 'number' ? position : null,
    };
  }
  const bytes = bytesOf(data);
  const named = typeof rest[0] === 'object' && rest[0] !== null ? rest[0] : undefined;
  const offset = (named === undefined ? rest[0] : named.offset) ?? 0;
  const length = (named === undefined ? rest[1] : named.length) ?? bytes.byteLength - offset;
  const position = named === undefined ? rest[2] : named.position;
  return {
    operation: 'write',
    fd,
    data: bytes.subarray(offset, offset + length),
    position: typeof position === 'number' && position >= 0 ? position : null,
  };
}

/** @param {number} fd @param {ArrayBufferView[]} buffers @param {number | null} [position] @returns {Call} */
const writev = (fd, buffers, position) => ({
  operation: 'write',
  fd,
  data: Buffer.concat(buffers.map(bytesOf)),
  position: typeof position === 'number' ? position : null,
});

/** @param {string} operation @returns {Describe} */
const onPath = (operation) => (path) => ({ operation, path: absolute(path) });
/** @param {string} operation @returns {Describe} */
const onPair = (operation) => (from, to) => ({ operation, path: absolute(from), to: absolute(to) });
/** @param {string} operation @returns {Describe} */
const onFd = (operation) => (fd) => ({ operation, fd });

/** Calls by the name that the callback form has in `node:fs`. @type {Record<string, Describe>} */
export const pathCalls = {
  access: onPath('access'),
  chmod: (path, mode) => ({ operation: 'chmod', path: absolute(path), mode: modeBits(mode) }),
  chown: (path, uid, gid) => ({ operation: 'chown', path: absolute(path), uid, gid }),
  lchown: (path, uid, gid) => ({ operation: 'lchown', path: absolute(path), uid, gid }),
  copyFile: onPair('copyFile'),
  cp: onPair('cp'),
  link: onPair('link'),
  lstat: onPath('lstat'),
  lutimes: onPath('utimes'),
  mkdir: (path, options) => ({
    operation: 'mkdir',
    path: absolute(path),
    recursive: typeof options === 'object' && options !== null && options.recursive === true,
  }),
  mkdtemp: onPath('mkdtemp'),
  open: (path, flags, mode) => ({
    operation: 'open',
    path: absolute(path),
    flags: openFlags(typeof flags === 'function' ? undefined : flags),
    mode: modeBits(typeof mode === 'function' ? undefined : mode),
  }),
  opendir: onPath('readdir'),
  readFile: (path) =>
    typeof path === 'number' ? { operation: 'read', fd: path } : { operation: 'read', path: absolute(path) },
  readdir: onPath('readdir'),
  readlink: onPath('readlink'),
  realpath: onPath('realpath'),
  rename: onPair('rename'),
  rmdir: onPath('rmdir'),
  stat: onPath('stat'),
  statfs: onPath('statfs'),
  symlink: (linkTarget, path) => ({
    operation: 'symlink',
    path: absolute(path),
    linkTarget: String(linkTarget),
  }),
  unlink: onPath('unlink'),
  utimes: onPath('utimes'),
};

/** Calls on a descriptor, by their callback name. @type {Record<string, Describe>} */
export const descriptorCalls = {
  close: onFd('close'),
  fchmod: (fd, mode) => ({ operation: 'fchmod', fd, mode: modeBits(mode) }),
  fchown: (fd, uid, gid) => ({ operation: 'fchown', fd, uid, gid }),
  fdatasync: onFd('fdatasync'),
  fstat: onFd('fstat'),
  fsync: onFd('fsync'),
  ftruncate: (fd, length) => ({
    operation: 'ftruncate',
    fd,
    length: typeof length === 'number' ? length : 0,
  }),
  futimes: onFd('utimes'),
  read: onFd('read'),
  readv: onFd('read'),
  write,
  writev,
};

/** The methods of `FileHandle`, and the descriptor call each stands for. */
export const handleMethods = {
  chmod: 'fchmod',
  chown: 'fchown',
  datasync: 'fdatasync',
  read: 'read',
  readFile: 'read',
  readv: 'readv',
  stat: 'fstat',
  sync: 'fsync',
  truncate: 'ftruncate',
  utimes: 'futimes',
  write: 'write',
  writev: 'writev',
};

const writableFlags = constants.O_WRONLY | constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC;

const observing = new Set([
  'access',
  'fstat',
  'lstat',
  'read',
  'readdir',
  'readlink',
  'realpath',
  'stat',
  'statfs',
  'mark',
]);

/** Whether the call can change what is on the disk, or what survives there. @param {Call} call */
export function mutates(call) {
  if (call.operation === 'open') return ((call.flags ?? 0) & writableFlags) !== 0;
  return !observing.has(call.operation);
}
