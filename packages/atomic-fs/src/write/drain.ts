import { type SourceReader, type Stop, chunkBytes } from './source.ts';

type Write = (bytes: Uint8Array) => Promise<void>;

const bufferSize = 256 * 1024;
/** Chunks from this size on are not worth a copy. */
const largeChunk = 64 * 1024;

/**
 * Writes everything a source gives. A chunk is the source's again when the next one is asked for, so
 * small ones are copied together: many writes of a few bytes cost little more than one of them all.
 */
export async function drain(
  source: SourceReader,
  encoding: BufferEncoding,
  write: Write,
  stop: Stop | undefined,
): Promise<void> {
  const gathered = new Gathered(write);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- chunks come one after the other
    const { done, value } = await source.next(stop);
    if (done === true) break;
    try {
      // oxlint-disable-next-line no-await-in-loop
      await gathered.add(chunkBytes(value, encoding));
    } catch (error) {
      // Of the two failures, the first is the one to tell of.
      // oxlint-disable-next-line no-await-in-loop
      await source.cancel().catch(() => undefined);
      throw error;
    }
  }
  await gathered.flush();
}

class Gathered {
  readonly #write: Write;
  #buffer: Uint8Array | undefined;
  #length = 0;

  constructor(write: Write) {
    this.#write = write;
  }

  /** Whatever it returns is to be awaited before the bytes may change. */
  add(bytes: Uint8Array): Promise<void> | undefined {
    if (bytes.length >= largeChunk) return this.#addLarge(bytes);
    if (this.#length + bytes.length <= bufferSize) return this.#copy(bytes);
    return this.flush().then(() => this.#copy(bytes));
  }

  async #addLarge(bytes: Uint8Array): Promise<void> {
    await this.flush();
    await this.#write(bytes);
  }

  #copy(bytes: Uint8Array): undefined {
    this.#buffer ??= new Uint8Array(bufferSize);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  async flush(): Promise<void> {
    if (this.#buffer === undefined || this.#length === 0) return;
    await this.#write(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
  }
}
