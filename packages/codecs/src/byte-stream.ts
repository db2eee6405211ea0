import { Readable } from 'node:stream';

export interface StreamStats {
  /** Bytes pulled from the source. */
  bytesIn: number;
  /** Bytes handed to the consumer. */
  bytesOut: number;
  /** Members, frames or streams that were finished, skippable frames included. */
  members: number;
}

/**
 * Bytes that are made while they are read. It can be read once, in one of four ways. Nothing is
 * pulled from the source before the first chunk is asked for, and never more than it takes to make
 * the next one. Leaving early (`break`, `destroy()`, `cancel()`) frees the engine and closes the
 * source.
 */
export interface ByteStream extends AsyncIterable<Uint8Array> {
  /** What has gone through so far. */
  readonly stats: Readonly<StreamStats>;
  /** Chunks in buffers of their own, which the consumer may keep, unless `reuse` was set. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array>;
  /** The same as a Node.js stream. */
  toNode(): Readable;
  /** The same as a web stream. */
  toWeb(): ReadableStream<Uint8Array>;
  /** All of it in one array. Use `limits.outputBytes` for input that nobody vouches for. */
  bytes(): Promise<Uint8Array>;
}

export class PulledByteStream implements ByteStream {
  readonly stats: Readonly<StreamStats>;
  #start: ((mayReuse: boolean) => AsyncIterableIterator<Uint8Array>) | undefined;

  constructor(stats: StreamStats, start: (mayReuse: boolean) => AsyncIterableIterator<Uint8Array>) {
    this.stats = stats;
    this.#start = start;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return this.#read(true);
  }

  toNode(): Readable {
    return Readable.from(this.#read(false), { objectMode: false });
  }

  toWeb(): ReadableStream<Uint8Array> {
    return Readable.toWeb(this.toNode());
  }

  async bytes(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of this.#read(false)) {
      chunks.push(chunk);
      length += chunk.length;
    }
    const whole = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }

  #read(mayReuse: boolean): AsyncIterableIterator<Uint8Array> {
    const start = this.#start;
    if (start === undefined) {
      throw new TypeError('This byte stream is being read already; call compress() or decompress() again');
    }
    this.#start = undefined;
    return start(mayReuse);
  }
}
