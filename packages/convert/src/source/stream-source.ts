import { ConvertError } from '../errors.ts';
import { nameOf } from '../rows/check-value.ts';
import type { ByteInput } from './byte-input.ts';
import { Interruptible } from './interruptible.ts';

/** Enough of a stream to tell what it is. */
const headSize = 4096;

/** A stream that somebody else has opened. Ending its iteration early closes it, as `for await` does. */
export class StreamSource implements ByteInput {
  readonly path: string | undefined;
  readonly size = undefined;
  readonly head: Uint8Array;
  bytesRead = 0;
  readonly #rest: Interruptible<Uint8Array>;

  private constructor(head: Uint8Array, rest: Interruptible<Uint8Array>, path: string | undefined) {
    this.head = head;
    this.#rest = rest;
    this.path = path;
  }

  /** @param path Of a pipe that has a name. */
  static async open(
    bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    { path, signal }: { readonly path?: string; readonly signal: AbortSignal | undefined },
  ): Promise<StreamSource> {
    const rest = new Interruptible(bytes, signal);
    try {
      return new StreamSource(await headOf(rest), rest, path);
    } catch (error) {
      await rest.close();
      throw error;
    }
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
    await this.#rest.close();
  }
}

async function headOf(bytes: Interruptible<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let length = 0; length < headSize;) {
    const { value, done } = await bytes.next();
    if (done) break;
    const chunk = asBytes(value);
    length += chunk.length;
    // The stream may use its buffer again for what it gives next.
    chunks.push(Uint8Array.from(chunk));
  }
  return Buffer.concat(chunks);
}

/** A Node.js stream with an encoding gives strings. */
function asBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk);
  throw new ConvertError('BAD_OPTION', `a byte stream gave ${nameOf(chunk)} instead of bytes`, {
    hint: 'rows need no from.format; of a ReadableStream of rows give its values()',
  });
}
