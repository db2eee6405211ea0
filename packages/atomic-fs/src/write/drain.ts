import { type SourceReader, type Stop, chunkBytes } from './source.ts';

type Write = (bytes: Uint8Array) => Promise<void>;

const bufferSize = 512 * 1024;
/** Chunks from this size on are not worth a copy. */
const largeChunk = bufferSize;

/**
 * Writes everything a source gives. A chunk is the source's again when the next one is asked for, so
 * smaller ones are copied together; then the source works on while they are written.
 */
export async function drain(
  source: SourceReader,
  encoding: BufferEncoding,
  write: Write,
  stop: Stop | undefined,
): Promise<void> {
  const buffers = new Buffers(write);
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- chunks come one after the other
    const { done, value } = await source.next(stop);
    if (done === true) break;
    try {
      // oxlint-disable-next-line no-await-in-loop
      await buffers.add(chunkBytes(value, encoding));
    } catch (error) {
      // Of the two failures, the first is the one to tell of.
      // oxlint-disable-next-line no-await-in-loop
      await source.cancel().catch(() => undefined);
      throw error;
    }
  }
  await buffers.finish();
}

/** Two buffers: one is filled while the other is written. */
class Buffers {
  readonly #write: Write;
  #filling: Uint8Array | undefined;
  #spare: Uint8Array | undefined;
  #length = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(write: Write) {
    this.#write = write;
  }

  /** Whatever it returns is to be awaited before the bytes may change. */
  add(bytes: Uint8Array): Promise<void> | undefined {
    if (bytes.length >= largeChunk) return this.#addLarge(bytes);
    if (this.#length + bytes.length <= bufferSize) return this.#copy(bytes);
    return this.#flush().then(() => this.#copy(bytes));
  }

  async #addLarge(bytes: Uint8Array): Promise<void> {
    await this.finish();
    await this.#write(bytes);
  }

  #copy(bytes: Uint8Array): undefined {
    this.#filling ??= new Uint8Array(bufferSize);
    this.#filling.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  async #flush(): Promise<void> {
    const full = this.#filling;
    if (full === undefined || this.#length === 0) return;
    await this.#writing;
    this.#writing = this.#write(full.subarray(0, this.#length));
    // Whoever flushes next hears of it; until then it is not unhandled.
    this.#writing.catch(() => undefined);
    this.#filling = this.#spare;
    this.#spare = full;
    this.#length = 0;
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }
}
