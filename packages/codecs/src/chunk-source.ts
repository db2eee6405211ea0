import { Readable } from 'node:stream';

/** Anything that bytes can be pulled from. A chunk is the consumer's until it asks for the next one. */
export type BytesSource =
  | Uint8Array
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>
  | ReadableStream<Uint8Array>;

/** A source as something to pull from, and to close while a pull is under way if it can be done. */
export type ChunkSource = SynchronousSource | AsynchronousSource;

interface SynchronousSource {
  readonly synchronous: true;
  next(): IteratorResult<unknown>;
  close(): unknown;
}

export interface AsynchronousSource {
  readonly synchronous: false;
  /** Whether a chunk stays as it is when the next one is asked for. */
  readonly keepsChunks: boolean;
  next(): Promise<IteratorResult<unknown>>;
  close(): unknown;
}

/** Throws a `TypeError` for what is no source of bytes. */
export function openSource(source: BytesSource): ChunkSource {
  if (source instanceof Uint8Array) return fromIterator([source].values());
  if (typeof source !== 'object' || source === null) throw noSource();
  // Told by its method: to name the class loads all of the web streams, which most programs do not use.
  if ('getReader' in source) return fromReader(source.getReader());
  if (source instanceof Readable) return fromReadable(source);
  if (Symbol.asyncIterator in source) return fromAsyncIterator(source[Symbol.asyncIterator]());
  if (Symbol.iterator in source) return fromIterator(source[Symbol.iterator]());
  throw noSource();
}

const noSource = (): TypeError =>
  new TypeError('A source of bytes must be a Uint8Array, an iterable of them, or a stream');

const fromIterator = (iterator: Iterator<unknown>): ChunkSource => ({
  synchronous: true,
  next: () => iterator.next(),
  close: () => iterator.return?.(),
});

/** An iterator hears of its end only between two pulls: one that hangs in a pull does not. */
const fromAsyncIterator = (iterator: AsyncIterator<unknown>): ChunkSource => ({
  synchronous: false,
  keepsChunks: false,
  next: () => iterator.next(),
  close: () => iterator.return?.(),
});

const fromReader = (reader: ReadableStreamDefaultReader<unknown>): ChunkSource => ({
  synchronous: false,
  keepsChunks: true,
  next: async () => {
    const { done, value } = await reader.read();
    return done ? { done: true, value: undefined } : { done: false, value };
  },
  close: () => reader.cancel(),
});

function fromReadable(readable: Readable): ChunkSource {
  const iterator = readable[Symbol.asyncIterator]();
  return {
    synchronous: false,
    keepsChunks: true,
    next: () => iterator.next(),
    close: () => void readable.destroy(),
  };
}
