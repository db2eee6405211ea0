import { type FileHandle, open, opendir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { ConvertError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import type { ByteInput } from './byte-input.ts';
import { readExactly } from './read-exactly.ts';

/** Bytes a read; larger ones gain nothing more. */
const chunkSize = 512 * 1024;

/** Buffers that no source has: a fresh one costs more than the read into it. */
const idle: Buffer[] = [];
const mostIdle = 6;

const takeBuffer = (): Buffer => idle.pop() ?? Buffer.allocUnsafeSlow(chunkSize);

function giveBack(...buffers: readonly Buffer[]): void {
  idle.push(...buffers.slice(0, mostIdle - idle.length));
}

/**
 * Opens a file, or a pipe that has a name.
 *
 * @throws {ConvertError} `SOURCE_NOT_FOUND`, `SOURCE_IS_DIRECTORY` or `SOURCE_UNREADABLE`.
 */
export async function openFile(path: string, signal?: AbortSignal): Promise<ByteInput> {
  // Elsewhere a pipe that nobody writes to yet looks like one that has ended.
  const mayWait = process.platform === 'linux';
  const isFifo =
    mayWait &&
    (await stat(path).then(
      (stats) => stats.isFIFO(),
      () => false,
    ));
  if (!isFifo) return FileSource.open(path);
  const { leavesDescriptors, openFifo } = await import('./fifo-source.ts');
  if (!leavesDescriptors) return FileSource.open(path);
  return openFifo(path, signal).catch((error: unknown) => {
    throw signal?.aborted === true ? error : unreadable(path, error as NodeJS.ErrnoException);
  });
}

/** A file to read once from start to end, reading ahead into two buffers that take turns. */
export class FileSource implements ByteInput {
  readonly path: string;
  readonly size: number | undefined;
  readonly head: Uint8Array;
  bytesRead = 0;
  readonly #handle: FileHandle;
  readonly #buffer: Buffer;

  /** @param buffer What the head is in. */
  private constructor(
    path: string,
    handle: FileHandle,
    file: { readonly size: number | undefined; readonly buffer: Buffer; readonly headLength: number },
  ) {
    this.path = path;
    this.#handle = handle;
    this.size = file.size;
    this.#buffer = file.buffer;
    this.head = file.buffer.subarray(0, file.headLength);
  }

  /** @throws {ConvertError} `SOURCE_NOT_FOUND`, `SOURCE_IS_DIRECTORY` or `SOURCE_UNREADABLE`. */
  static async open(path: string): Promise<FileSource> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, 'r');
      const stats = await handle.stat();
      const buffer = takeBuffer();
      const { bytesRead } = await handle.read(buffer, 0, chunkSize, null);
      const size = stats.isFile() ? stats.size : undefined;
      return new FileSource(path, handle, { size, buffer, headLength: bytesRead });
    } catch (error) {
      await handle?.close();
      const cause = error as NodeJS.ErrnoException;
      throw unreadable(path, cause, cause.code === 'ENOENT' ? await nearFile(path) : undefined);
    }
  }

  /** Each chunk is valid until the next one is asked for. To be iterated once. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    const read = (buffer: Uint8Array) => this.#handle.read(buffer, 0, chunkSize, null);
    let [current, spare] = [takeBuffer(), takeBuffer()];
    let chunk = this.head;
    let pending = read(current);
    try {
      while (chunk.length > 0) {
        this.bytesRead += chunk.length;
        yield chunk;
        const { bytesRead } = await pending;
        chunk = current.subarray(0, bytesRead);
        if (bytesRead > 0) pending = read(spare);
        [current, spare] = [spare, current];
      }
    } finally {
      // The read ahead must not outlive the handle. What it found matters no more: where it has
      // been waited for above, its error is already on its way.
      await pending.catch(() => undefined);
      // Only here: as long as this is not over, somebody may be looking at a chunk, or a read be under way.
      giveBack(this.#buffer, current, spare);
    }
  }

  /** Exactly so many bytes from there, for formats with an index at their end. */
  async readAt(position: number, length: number): Promise<Uint8Array> {
    const bytes = await readExactly(this.#handle, position, length);
    this.bytesRead += length;
    return bytes;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Names that are compared. In a larger folder, each of many files that are missing would take a second. */
const mostNames = 1000;

/** A file beside it whose name is nearly that one. */
async function nearFile(path: string): Promise<string | undefined> {
  if (path === '') return undefined;
  const names = await fewNames(dirname(path)).catch(() => []);
  const meant = nearest(
    basename(path),
    names.filter((name) => !name.startsWith('.') && !name.endsWith('.tmp')),
  );
  return meant === undefined ? undefined : join(dirname(path), meant);
}

/** The names in a folder; none of one that has many. */
async function fewNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder, { bufferSize: mostNames })) {
    if (names.push(name) > mostNames) return [];
  }
  return names;
}

function hintAt(path: string): string {
  if (path === '') return 'the path is empty: is it that of a variable that is not set?';
  if (path.startsWith('file:')) return `of a file URL give an object: new URL('${path}'), or its path`;
  return /^[a-z][a-z\d+.-]+:\/\//i.test(path)
    ? 'this is a URL: fetch it, and give what comes as a stream (the body of a response; curl … | x convert - …)'
    : 'check the path; a relative one starts at the working directory';
}

/** What the system says in words that are its own. */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its path is longer than the system allows',
};

function unreadable(path: string, cause: NodeJS.ErrnoException, near?: string): ConvertError {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    let hint = hintAt(path);
    if (near !== undefined) {
      hint =
        basename(near) === basename(path)
          ? 'there is a file whose name looks the same, and is not UTF-8: rename it'
          : `did you mean '${near}'?`;
    }
    return new ConvertError('SOURCE_NOT_FOUND', 'there is no such file', { path, hint }, { cause });
  }
  if (cause.code === 'EISDIR') {
    const hint = 'name one file in it';
    return new ConvertError('SOURCE_IS_DIRECTORY', 'the source is a directory', { path, hint }, { cause });
  }
  const message = `the source cannot be read: ${reasons[cause.code ?? ''] ?? cause.message}`;
  const hint = cause.code === 'EACCES' ? 'read permission is needed' : undefined;
  return new ConvertError('SOURCE_UNREADABLE', message, { path, hint }, { cause });
}
