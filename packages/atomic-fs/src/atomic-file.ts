import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';

import { AtomicWriteError } from './errors.ts';
import type { AsyncCalls } from './host/host.ts';
import { type Options, type PathLike, parseOptions } from './options.ts';
import { AtomicWriteStream } from './write-stream.ts';
import { FileWork } from './write/file-work.ts';
import { type Chunk, type Source, SourceReader, chunkBytes } from './write/source.ts';
import { absolutePath } from './write/target.ts';

const works = new WeakMap<AtomicFile, FileWork>();

/**
 * A file under construction: everything goes to the temp until `commit()` puts it in place.
 *
 * Calls take effect in the order they are made. The first failure discards the file, and later calls
 * raise it again.
 */
export class AtomicFile {
  readonly #work: FileWork;
  readonly #handle: FileHandle | undefined;

  /** @internal {@link open} makes these. */
  constructor(work: FileWork, handle: FileHandle | undefined) {
    this.#work = work;
    this.#handle = handle;
    works.set(this, work);
  }

  /** The file that will be replaced: absolute, behind every symbolic link. */
  get path(): string {
    return this.#work.pending.target.path;
  }

  /** Where the content is until it is committed. A pipe or a device has no temp; then it is `path`. */
  get tempPath(): string {
    const { pending } = this.#work;
    return pending.kind === 'temp' ? pending.temp.path : pending.target.path;
  }

  /**
   * The open temp, for calls that this class does not have. Commit and discard close it.
   *
   * @throws {AtomicWriteError} ENOTSUP for `/dev/stdout` and its like, which were open before.
   */
  get handle(): FileHandle {
    if (this.#handle !== undefined) {
      this.#work.share();
      return this.#handle;
    }
    const { path } = this;
    throw new AtomicWriteError(`${path} is open already and has no handle of its own`, {
      code: 'ENOTSUP',
      path,
    });
  }

  /** Writes a chunk after everything written before. The bytes must not change until it resolves. */
  async write(chunk: Chunk, encoding?: BufferEncoding): Promise<void> {
    const bytes = chunkBytes(chunk, encoding ?? this.#work.pending.settings.encoding);
    await this.#work.append([bytes]);
  }

  /**
   * Writes all that a source gives: an iterable, a stream of Node.js or of the web. An error of the
   * source discards the file and is raised as it is.
   */
  async writeAll(source: Source): Promise<void> {
    await this.#work.appendAll(new SourceReader(source));
  }

  /** A stream into the temp. Its end does not commit; destroying it discards the file. */
  createWriteStream(options?: { readonly highWaterMark?: number | undefined }): Writable {
    return new AtomicWriteStream(this.path, async () => this.#work, { ...options, commits: false });
  }

  /** Puts the new content in place. Does nothing if that is done already. */
  async commit(): Promise<void> {
    await this.#work.commit();
  }

  /** Removes the temp and leaves the target as it is. Does nothing after a commit. */
  async discard(): Promise<void> {
    await this.#work.discard();
  }

  /** As {@link discard}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#work.discard();
  }
}

export function workOf(file: AtomicFile): FileWork {
  const work = works.get(file);
  if (work === undefined) throw new TypeError('Not an AtomicFile of this copy of @x/atomic-fs');
  return work;
}

/**
 * Starts a new version of a file. Nothing changes at `path` before `commit()`, and without one
 * nothing ever does.
 */
export async function open(path: PathLike, options?: Options | BufferEncoding | null): Promise<AtomicFile> {
  const settings = parseOptions(options, 'async');
  const handles = new Map<number, FileHandle>();
  const work = await FileWork.begin(absolutePath(path), settings, withHandles(settings.host.async, handles));
  return new AtomicFile(work, handles.get(work.pending.fd ?? -1));
}

/** The same calls, with a FileHandle behind every descriptor. */
function withHandles(calls: AsyncCalls, handles: Map<number, FileHandle>): AsyncCalls {
  return {
    ...calls,
    open: async (path, flags, mode) => {
      const handle = await calls.openHandle(path, flags, mode);
      handles.set(handle.fd, handle);
      return handle.fd;
    },
    close: async (fd) => {
      const handle = handles.get(fd);
      handles.delete(fd);
      await (handle === undefined ? calls.close(fd) : calls.closeHandle(handle));
    },
  };
}
