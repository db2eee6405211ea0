import { badOption } from './errors.ts';

/** A string, in the encoding of the options, or bytes: a typed array or DataView by its byte length. */
export type Chunk = string | NodeJS.ArrayBufferView;

/** Chunks in order. Node.js' and the web's readable streams are among these. */
export type Source = Iterable<Chunk> | AsyncIterable<Chunk> | ReadableStream<Chunk>;

/** The bytes of a chunk, without a copy where it has them already. */
export function chunkBytes(chunk: Chunk, encoding: BufferEncoding): Uint8Array {
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding);
  if (chunk instanceof Uint8Array) return chunk;
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw badOption(
    `A chunk must be a string or bytes (Buffer, typed array, DataView), not ${chunk === null ? 'null' : typeof chunk}`,
  );
}

export function sourceChunks(source: Source): Iterable<Chunk> | AsyncIterable<Chunk> {
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source || Symbol.iterator in source) return source;
  }
  throw badOption(`The data must be a string, bytes, a stream or an iterable of those, not ${typeof source}`);
}

export function isChunk(data: unknown): data is Chunk {
  return typeof data === 'string' || ArrayBuffer.isView(data);
}
