import type { ByteSource, RandomAccessSource } from '@x/formats';
import { ByteReader } from '@x/formats/rows';

import { format, truncated } from '../errors.ts';

/** The buffers of a message. */
export interface Body {
  readonly length: number;
  /** So many bytes from there; within the body. */
  range(at: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** Where messages are taken from, one after the other. */
export interface MessageInput {
  /** Bytes taken so far. */
  readonly position: number;
  isAtEnd(): Promise<boolean>;
  /** @throws {FormatError} TRUNCATED */
  bytes(length: number): Promise<Uint8Array>;
  /** @throws {FormatError} TRUNCATED */
  body(length: number): Promise<Body>;
  /** All that is left, or so many bytes and a few more where it is longer. */
  rest(most: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Takes all that comes. */
export class StreamInput implements MessageInput {
  readonly #reader: ByteReader;

  constructor(bytes: ByteSource) {
    this.#reader = new ByteReader(bytes, format);
  }

  get position(): number {
    return this.#reader.position;
  }

  isAtEnd(): Promise<boolean> {
    return this.#reader.isAtEnd();
  }

  bytes(length: number): Promise<Uint8Array> {
    return this.#reader.bytes(length);
  }

  async body(length: number): Promise<Body> {
    const bytes = await this.#reader.bytes(length);
    return { length, range: (at, size) => bytes.subarray(at, at + size) };
  }

  async rest(most: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (let size = 0; size <= most;) {
      const chunk = await this.#reader.chunk();
      if (chunk === undefined) break;
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
    }
    return Buffer.concat(chunks);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}

/** Reads of a body only the buffers that are asked for. */
export class RandomAccessInput implements MessageInput {
  readonly #source: RandomAccessSource;
  position: number;

  constructor(source: RandomAccessSource, position: number) {
    this.#source = source;
    this.position = position;
  }

  async isAtEnd(): Promise<boolean> {
    return this.position >= this.#source.size;
  }

  async bytes(length: number): Promise<Uint8Array> {
    const at = this.#pass(length);
    return this.#source.readAt(at, length);
  }

  async body(length: number): Promise<Body> {
    const start = this.#pass(length);
    return { length, range: (at, size) => this.#source.readAt(start + at, size) };
  }

  async rest(most: number): Promise<Buffer> {
    return Buffer.from(await this.bytes(Math.min(most + 1, this.#source.size - this.position)));
  }

  async close(): Promise<void> {}

  #pass(length: number): number {
    const at = this.position;
    const { size } = this.#source;
    if (at + length > size) throw truncated('the file ends in the middle', { byteOffset: size });
    this.position += length;
    return at;
  }
}

export function isRandomAccess(bytes: ByteSource): bytes is RandomAccessSource {
  return (
    'readAt' in bytes && typeof bytes.readAt === 'function' && 'size' in bytes && bytes.size !== undefined
  );
}
