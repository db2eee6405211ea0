import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';

import { type Chunk, type Source, chunkBytes, sourceChunks } from './source.ts';
import { AtomicWriteError, explain } from './errors.ts';
import type { AsyncCalls } from './host.ts';
import { type Options, type Settings, parseOptions } from './options.ts';
import { type Pending, append, begin, discard, publish, seal } from './pending.ts';
import { type Steps, runAsync } from './steps.ts';
import { absolutePath } from './target.ts';

/**
 * A file under construction: everything goes to the temp until `commit()` puts it in place.
 *
 * A failed write discards the file; `commit()` then raises that failure again.
 */
export class AtomicFile {
  readonly #pending: Pending;
  readonly #calls: AsyncCalls;
  /** The calls on one file run one after the other, in the order they were made. */
  #queue: Promise<void> = Promise.resolve();
  #state: 'open' | 'committed' | 'discarded' = 'open';
  #failure: unknown;
  /** The open temp, for calls that this class does not have. */
  readonly handle: FileHandle;

  /** For `open()`. */
  constructor(pending: Pending, calls: AsyncCalls, handle: FileHandle) {
    this.#pending = pending;
    this.#calls = calls;
    this.handle = handle;
  }

  /** The file that will be replaced: absolute, behind every symbolic link. */
  get path(): string {
    return this.#pending.target.path;
  }

  /** Where the content is until it is committed. */
  get tempPath(): string {
    return this.#pending.tempPath;
  }

  /** Writes a chunk after everything written before. Resolves when all of it is written. */
  write(chunk: Chunk, encoding: BufferEncoding = this.#pending.settings.encoding): Promise<void> {
    const bytes = chunkBytes(chunk, encoding);
    return this.#enqueue(() => this.#attempt(append(this.#pending, bytes)));
  }

  /** Writes everything that a source gives. An error of the source discards the file and passes through. */
  async writeAll(source: Source): Promise<void> {
    try {
      for await (const chunk of sourceChunks(source)) await this.write(chunk);
    } catch (error) {
      await this.#enqueue(() => this.#fail(error));
      throw error;
    }
  }

  /** A stream into the temp; its end does not commit. */
  createWriteStream(): Writable {
    return new Writable({
      decodeStrings: true,
      write: (chunk: Uint8Array, _encoding, done) => {
        // A Writable is told by callback.
        // oxlint-disable-next-line promise/no-callback-in-promise
        this.write(chunk).then(() => done(), done);
      },
    });
  }

  /** Puts the new content in place. Does nothing if that is done already. */
  commit(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#state === 'committed') return;
      this.#refuseClosed();
      await this.#attempt(seal(this.#pending));
      await this.#attempt(publish(this.#pending));
      this.#state = 'committed';
    });
  }

  /** Removes the temp and leaves the target as it is. Does nothing after a commit. */
  discard(): Promise<void> {
    return this.#enqueue(() => this.#discard());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard();
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #attempt(steps: Steps<void>): Promise<void> {
    this.#refuseClosed();
    try {
      await runAsync(this.#calls, steps);
    } catch (error) {
      const failure = explain(error, {
        path: this.path,
        tempPath: this.tempPath,
        committed: this.#pending.committed,
      });
      await this.#fail(failure);
      throw failure;
    }
  }

  async #fail(failure: unknown): Promise<void> {
    this.#failure ??= failure;
    await this.#discard();
  }

  async #discard(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = this.#pending.committed ? 'committed' : 'discarded';
    await runAsync(this.#calls, discard(this.#pending));
  }

  #refuseClosed(): void {
    if (this.#state === 'open') return;
    if (this.#failure !== undefined) throw this.#failure;
    throw new AtomicWriteError(`${this.path} is already ${this.#state}`, { code: 'CLOSED', path: this.path });
  }
}

/** Starts a new version of a file. Nothing changes at `path` before `commit()`. */
export async function open(
  path: string | URL,
  options?: Options | BufferEncoding | null,
): Promise<AtomicFile> {
  return openWith(absolutePath(path), parseOptions(options));
}

export async function openWith(path: string, settings: Settings): Promise<AtomicFile> {
  const { calls, handleOf } = withHandles(settings.host.async);
  try {
    const pending = await runAsync(calls, begin(path, settings));
    return new AtomicFile(pending, calls, handleOf(pending.fd));
  } catch (error) {
    throw explain(error, { path });
  }
}

/** The same calls, with a FileHandle behind every descriptor. */
function withHandles(calls: AsyncCalls): {
  calls: AsyncCalls;
  handleOf: (fd: number | undefined) => FileHandle;
} {
  const handles = new Map<number, FileHandle>();
  const handleOf = (fd: number | undefined): FileHandle => {
    const handle = handles.get(fd ?? -1);
    if (handle === undefined) throw new Error(`Descriptor ${fd} was not opened here`);
    return handle;
  };
  return {
    handleOf,
    calls: {
      ...calls,
      open: async (path, flags, mode) => {
        const handle = await calls.openHandle(path, flags, mode);
        handles.set(handle.fd, handle);
        return handle.fd;
      },
      close: async (fd) => {
        const handle = handleOf(fd);
        handles.delete(fd);
        await calls.closeHandle(handle);
      },
    },
  };
}
