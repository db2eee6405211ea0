import { Writable } from 'node:stream';

import { AtomicWriteError, abortError } from './errors.ts';
import { type PathLike, type WriteStreamOptions, parseStreamOptions } from './options.ts';
import { FileWork } from './write/file-work.ts';
import { absolutePath } from './write/target.ts';

type Done = (error?: Error | null) => void;

/** Chunks that wait are written together; a trip to the disk for each takes more time than the bytes. */
const waitingBytes = 512 * 1024;

interface Manner {
  /** Whether the end of the stream publishes the file. */
  readonly commits: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly encoding?: BufferEncoding | undefined;
  readonly highWaterMark?: number | undefined;
}

/**
 * Made by {@link createWriteStream}. `finish` means that the new content is in place; a stream that
 * is destroyed before leaves the target as it is.
 */
export class AtomicWriteStream extends Writable {
  /** The file as it was asked for, absolute. */
  readonly path: string;
  /** Bytes that have gone to the temp. */
  bytesWritten = 0;
  readonly #start: () => Promise<FileWork>;
  readonly #manner: Manner;
  #work: FileWork | undefined;

  /** @internal */
  constructor(path: string, start: () => Promise<FileWork>, manner: Manner) {
    super({
      decodeStrings: true,
      defaultEncoding: manner.encoding ?? 'utf8',
      highWaterMark: manner.highWaterMark ?? waitingBytes,
    });
    this.path = path;
    this.#start = start;
    this.#manner = manner;
    manner.signal?.addEventListener('abort', this.#onAbort);
  }

  /** Where the content is until it is published; undefined before `ready`. */
  get tempPath(): string | undefined {
    return this.#work?.pending.kind === 'temp' ? this.#work.pending.temp.path : undefined;
  }

  /** Whether the file is not open yet. */
  get pending(): boolean {
    return this.#work === undefined;
  }

  /** Ends the stream; `callback` is called when it is closed. */
  close(callback?: (error?: Error | null) => void): void {
    if (callback !== undefined) {
      if (this.closed) process.nextTick(callback);
      else this.once('close', callback);
    }
    this.end();
  }

  readonly #onAbort = (): void => {
    const { signal } = this.#manner;
    if (signal !== undefined) this.destroy(abortError(signal, this.#circumstances()));
  };

  #circumstances(): { path: string; tempPath: string | undefined; committed: boolean } {
    return { path: this.path, tempPath: this.tempPath, committed: this.#work?.isCommitted ?? false };
  }

  override _construct(done: Done): void {
    answer(this.#open(), done);
  }

  async #open(): Promise<void> {
    this.#work = await this.#start();
    const { fd } = this.#work.pending;
    process.nextTick(() => {
      this.emit('open', fd);
      this.emit('ready');
    });
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: Done): void {
    answer(this.#append([chunk]), done);
  }

  override _writev(chunks: { chunk: Uint8Array }[], done: Done): void {
    answer(this.#append(chunks.map(({ chunk }) => chunk)), done);
  }

  async #append(chunks: readonly Uint8Array[]): Promise<void> {
    await this.#opened().append(chunks);
    for (const { length } of chunks) this.bytesWritten += length;
  }

  override _final(done: Done): void {
    answer(this.#manner.commits ? this.#opened().commit() : Promise.resolve(), done);
  }

  #opened(): FileWork {
    if (this.#work !== undefined) return this.#work;
    throw new AtomicWriteError(`${this.path} is not open`, { code: 'CLOSED', path: this.path });
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#manner.signal?.removeEventListener('abort', this.#onAbort);
    answer(this.#end(error), done);
  }

  async #end(error: Error | null): Promise<void> {
    const { signal } = this.#manner;
    if (this.#work !== undefined && !this.writableFinished)
      await this.#work.fail(error ?? this.#prematureEnd());
    // The abort may have come when the file was just being published.
    if (error !== null && signal?.aborted === true && this.#work?.isCommitted === true) {
      throw abortError(signal, this.#circumstances());
    }
    if (error !== null) throw error;
  }

  #prematureEnd(): AtomicWriteError {
    return new AtomicWriteError(`The stream to ${this.path} was destroyed before its end`, {
      ...this.#circumstances(),
      code: 'CLOSED',
    });
  }
}

/** Tells a callback of node:stream what came of a promise. */
function answer(promise: Promise<void>, done: Done): void {
  // oxlint-disable-next-line promise/no-callback-in-promise
  promise.then(() => done(), done);
}

/**
 * A stream into a new version of a file: `finish` comes when it is published, and `destroy()`
 * discards it.
 */
export function createWriteStream(
  path: PathLike,
  options?: WriteStreamOptions | BufferEncoding | null,
): AtomicWriteStream {
  const { settings, highWaterMark } = parseStreamOptions(options);
  const file = absolutePath(path);
  const { signal, encoding } = settings;
  return new AtomicWriteStream(file, () => FileWork.begin(file, settings), {
    commits: true,
    signal,
    encoding,
    highWaterMark,
  });
}
