import type { ByteInput } from './byte-input.ts';

/** Enough of a stream to tell what it is. */
const headSize = 4096;

/** A stream that somebody else has opened. Ending its iteration early closes it, as `for await` does. */
export class StreamSource implements ByteInput {
  readonly path = undefined;
  readonly size = undefined;
  readonly head: Uint8Array;
  bytesRead = 0;
  readonly #rest: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;

  private constructor(head: Uint8Array, rest: AsyncIterator<Uint8Array> | Iterator<Uint8Array>) {
    this.head = head;
    this.#rest = rest;
  }

  static async open(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StreamSource> {
    const iterator = Symbol.asyncIterator in bytes ? bytes[Symbol.asyncIterator]() : bytes[Symbol.iterator]();
    const chunks: Uint8Array[] = [];
    for (let length = 0; length < headSize;) {
      const { value, done } = await iterator.next();
      if (done) break;
      const chunk = asBytes(value);
      length += chunk.length;
      // The stream may use its buffer again for what it gives next.
      chunks.push(Uint8Array.from(chunk));
    }
    return new StreamSource(Buffer.concat(chunks), iterator);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    try {
      let chunk: Uint8Array | undefined = this.head;
      while (chunk) {
        this.bytesRead += chunk.length;
        if (chunk.length > 0) yield chunk;
        const next: IteratorResult<Uint8Array> = await this.#rest.next();
        chunk = next.done ? undefined : asBytes(next.value);
      }
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.#rest.return?.();
  }
}

/** A Node.js stream with an encoding gives strings. */
function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk);
  throw new TypeError(`a byte stream gave ${typeof chunk} instead of bytes; rows need no from.format`);
}
