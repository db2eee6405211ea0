/** Where content comes from: what a chunk may be, and how a source is read to its end. */
import { Readable } from 'node:stream';

import { badOption } from '../errors.ts';

/** A string, in the encoding of the options, or bytes: a typed array or DataView by its byte length. */
export type Chunk = string | NodeJS.ArrayBufferView;

/** Chunks in order. The readable streams of Node.js and of the web are among these. */
export type Source = Iterable<Chunk> | AsyncIterable<Chunk> | ReadableStream<Chunk>;

export function isChunk(data: unknown): data is Chunk {
  return typeof data === 'string' || ArrayBuffer.isView(data);
}

/** The bytes of a chunk, without a copy where it has them already. */
export function chunkBytes(chunk: Chunk, encoding: BufferEncoding): Uint8Array {
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding);
  if (chunk instanceof Uint8Array) return chunk;
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw badOption(`A chunk must be a string, a Buffer, a typed array or a DataView, not ${nameOf(chunk)}`);
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : `a ${typeof value}`;
}

/** A source that is being read to its end, once. */
export class SourceReader {
  readonly #iterator: Iterator<Chunk> | AsyncIterator<Chunk>;
  readonly #source: Source;
  #first: Promise<IteratorResult<Chunk>> | undefined;

  /**
   * Asks an asynchronous source for its first chunk at once: a stream that fails while the file is
   * being opened would otherwise have nobody to tell, and end the process.
   */
  constructor(source: Source) {
    if (typeof source !== 'object' || source === null) {
      throw badOption(`The data must be a string, bytes, a stream or an iterable, not ${nameOf(source)}`);
    }
    this.#source = source;
    // Told by its method: to name the class loads all of the web streams, which most programs do not use.
    const isWebStream = 'getReader' in source;
    if (isWebStream || Symbol.asyncIterator in source) {
      const iterator = isWebStream ? readerOf(source) : source[Symbol.asyncIterator]();
      this.#iterator = iterator;
      this.#first = Promise.resolve().then(() => iterator.next());
      // Whoever reads it hears of it; until then it is not unhandled.
      this.#first.catch(() => undefined);
    } else if (Symbol.iterator in source) {
      this.#iterator = source[Symbol.iterator]();
    } else {
      throw badOption('The data must be a string, bytes, a stream or an iterable, not another object');
    }
  }

  /** The next result. An abort rejects, although the source may not answer for long. */
  next(stop: Stop | undefined): IteratorResult<Chunk> | Promise<IteratorResult<Chunk>> {
    const result = this.#first ?? this.#iterator.next();
    this.#first = undefined;
    if (stop === undefined || !(result instanceof Promise)) return result;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.cancel().catch(() => undefined);
        reject(stop.reason());
      };
      if (stop.signal.aborted) onAbort();
      stop.signal.addEventListener('abort', onAbort, { once: true });
      result.then(resolve, reject).finally(() => stop.signal.removeEventListener('abort', onAbort));
    });
  }

  /**
   * Ends the source early. Resolves when it has let go of what it holds; a generator that is waiting
   * for something does so first.
   */
  async cancel(): Promise<void> {
    // The iterator of a stream, too, would wait for a chunk that may never come.
    if (this.#source instanceof Readable) this.#source.destroy();
    await this.#iterator.return?.();
  }
}

/** The reader of a stream, which, unlike its iterator, can cancel while it waits. */
function readerOf(stream: ReadableStream<Chunk>): AsyncIterator<Chunk> {
  const reader = stream.getReader();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done, value };
    },
    return: async () => {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}

/** Ends the reading of a source from outside. */
export interface Stop {
  readonly signal: AbortSignal;
  readonly reason: () => unknown;
}
