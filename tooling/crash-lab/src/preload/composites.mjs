// @ts-check
import fs from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';

/**
 * Node's compound calls, said again in terms of the simple ones.
 *
 * Node runs these partly inside itself, where a wrapper around `fs.open` or `fs.write` sees nothing. Each
 * does here what Node's documentation says it does, through the functions that are wrapped, so that its
 * steps are seen one by one. Nothing else about them changes: same arguments, results and errors.
 */

/**
 * @typedef {{ encoding?: BufferEncoding | null, mode?: number | string, flag?: string, flush?: boolean, signal?: AbortSignal }} WriteOptions
 * @param {any} options @returns {WriteOptions}
 */
function named(options) {
  if (typeof options !== 'string') {
    /** @type {WriteOptions} */
    const object = options ?? {};
    return object;
  }
  return { encoding: Buffer.isEncoding(options) ? options : 'utf8' };
}

/** @param {any} data @param {WriteOptions} options @returns {Uint8Array} */
function bytes(data, options) {
  if (typeof data === 'string') return Buffer.from(data, options.encoding ?? 'utf8');
  if (!ArrayBuffer.isView(data)) throw new TypeError(`Cannot write a value of type ${typeof data}`);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** As `node:fs` refuses, whatever the reason of the signal. @param {AbortSignal | undefined} signal */
function refuseAborted(signal) {
  if (signal?.aborted !== true) return;
  const error = new Error('The operation was aborted', { cause: signal.reason });
  throw Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

/** @param {number} fd @param {Uint8Array} data */
function writeWholeSync(fd, data) {
  let done = 0;
  while (done < data.byteLength) done += fs.writeSync(fd, data, done, data.byteLength - done, null);
}

/** @param {string} defaultFlag */
export const writeFileSync =
  (defaultFlag) => (/** @type {any} */ path, /** @type {any} */ data, /** @type {any} */ given) => {
    const options = named(given);
    const content = bytes(data, options);
    if (typeof path === 'number') {
      writeWholeSync(path, content);
      return;
    }
    const fd = fs.openSync(path, options.flag ?? defaultFlag, options.mode);
    try {
      writeWholeSync(fd, content);
      if (options.flush === true) fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  };

/** @param {any} handle @param {any} data @param {WriteOptions} options */
async function writeToHandle(handle, data, options) {
  if (typeof data !== 'string' && !ArrayBuffer.isView(data)) {
    // One write after the other; a Writable keeps that order for strings, iterables and streams alike.
    const sink = new Writable({
      decodeStrings: false,
      objectMode: true,
      write: (chunk, _encoding, done) => {
        // A Writable is told by callback.
        // oxlint-disable-next-line promise/no-callback-in-promise
        writeToHandle(handle, chunk, options).then(() => done(), done);
      },
    });
    await pipeline(data, sink, { signal: options.signal });
    return;
  }
  const content = bytes(data, options);
  let done = 0;
  while (done < content.byteLength) {
    refuseAborted(options.signal);
    // oxlint-disable-next-line no-await-in-loop -- how much is left depends on what this write took
    const { bytesWritten } = await handle.write(content, done, content.byteLength - done, null);
    done += bytesWritten;
  }
}

/** @param {string} defaultFlag */
export const writeFile =
  (defaultFlag) => async (/** @type {any} */ path, /** @type {any} */ data, /** @type {any} */ given) => {
    const options = named(given);
    refuseAborted(options.signal);
    if (typeof path === 'object' && typeof path?.writeFile === 'function') {
      await writeToHandle(path, data, options);
      return;
    }
    const handle = await fs.promises.open(path, options.flag ?? defaultFlag, options.mode);
    try {
      await writeToHandle(handle, data, options);
      if (options.flush === true) await handle.sync();
    } finally {
      await handle.close();
    }
  };

/** `FileHandle.prototype.writeFile` and `appendFile`. @param {any} handle @param {any} data @param {any} given */
export async function handleWriteFile(handle, data, given) {
  const options = named(given);
  refuseAborted(options.signal);
  await writeToHandle(handle, data, options);
}

/** @param {any} path @param {number} [length] */
export function truncateSync(path, length = 0) {
  const fd = fs.openSync(path, 'r+');
  try {
    fs.ftruncateSync(fd, length);
  } finally {
    fs.closeSync(fd);
  }
}

/** @param {any} path @param {number} [length] */
export async function truncate(path, length = 0) {
  const handle = await fs.promises.open(path, 'r+');
  try {
    await handle.truncate(length);
  } finally {
    await handle.close();
  }
}

/** `rm` refuses a directory unless it may recurse. @param {any} path */
const refusedDirectory = (path) =>
  Object.assign(new Error(`Path is a directory: rm returned EISDIR (is a directory) ${path}`), {
    code: 'ERR_FS_EISDIR',
    syscall: 'rm',
  });

/** @param {unknown} error */
const isMissing = (error) => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** @param {any} path @param {{ force?: boolean, recursive?: boolean }} [options] */
export function rmSync(path, options = {}) {
  try {
    if (!fs.lstatSync(path).isDirectory()) {
      fs.unlinkSync(path);
      return;
    }
    if (options.recursive !== true) throw refusedDirectory(path);
    for (const name of fs.readdirSync(path)) rmSync(join(String(path), name), options);
    fs.rmdirSync(path);
  } catch (error) {
    if (options.force !== true || !isMissing(error)) throw error;
  }
}

/** @param {any} path @param {{ force?: boolean, recursive?: boolean }} [options] @returns {Promise<void>} */
export async function rm(path, options = {}) {
  try {
    if (!(await fs.promises.lstat(path)).isDirectory()) {
      await fs.promises.unlink(path);
      return;
    }
    if (options.recursive !== true) throw refusedDirectory(path);
    for (const name of await fs.promises.readdir(path)) {
      // oxlint-disable-next-line no-await-in-loop -- one at a time, so that the order of calls is fixed
      await rm(join(String(path), name), options);
    }
    await fs.promises.rmdir(path);
  } catch (error) {
    if (options.force !== true || !isMissing(error)) throw error;
  }
}
