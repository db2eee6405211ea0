import { once } from 'node:events';
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';

import type { ByteSink } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { ByteWriter } from '../rows/byte-writer.ts';

/** 1980-01-01, so that the same rows make the same file. */
const noTime = 0x0021_0000;
/** Names are UTF-8; sizes follow the data. */
const flags = 0x0800;
const sizesFollow = 0x0008;
const full32 = 0xffff_ffff;

interface Written {
  readonly name: string;
  readonly at: number;
  readonly isStored: boolean;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
}

/**
 * Writes a zip archive from its beginning to its end, the same bytes for the same files.
 *
 * @throws {FormatError} LIMIT for what needs more than 32 bits.
 */
export class ArchiveWriter {
  readonly #sink: ByteSink;
  readonly #format: string;
  readonly #out = new ByteWriter();
  readonly #written: Written[] = [];
  #at = 0;
  #current:
    | {
        readonly name: string;
        readonly at: number;
        readonly deflate: DeflateRaw;
        crc: number;
        bytes: number;
        packedBytes: number;
      }
    | undefined;
  #packed: Uint8Array[] = [];

  constructor(sink: ByteSink, format: string) {
    this.#sink = sink;
    this.#format = format;
  }

  /** Writes a file as it is, so that its bytes are at a known place. */
  async addStored(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    const at = this.#at + this.#out.length;
    const file = {
      name,
      at,
      isStored: true,
      crc: crc32(bytes),
      packedBytes: bytes.length,
      bytes: bytes.length,
    };
    this.#written.push(file);
    this.#out.uint32(0x0403_4b50);
    this.#putHead(file);
    this.#out.uint16(0);
    this.#out.text(name);
    this.#out.put(bytes);
    await this.#drain();
  }

  async add(name: string, text: string): Promise<void> {
    this.begin(name);
    await this.write(Buffer.from(text));
    await this.end();
  }

  /** Begins a file. */
  begin(name: string): void {
    const deflate = createDeflateRaw();
    deflate.on('data', (chunk: Buffer) => this.#packed.push(chunk));
    this.#current = { name, at: this.#at + this.#out.length, deflate, crc: 0, bytes: 0, packedBytes: 0 };
    this.#out.uint32(0x0403_4b50);
    this.#putHead({ name, isStored: false, crc: 0, packedBytes: 0, bytes: 0 });
    this.#out.uint16(0);
    this.#out.text(name);
  }

  /** Writes to the file that has been begun; the bytes may change when it has resolved. */
  async write(bytes: Uint8Array): Promise<void> {
    const file = this.#current!;
    file.crc = crc32(bytes, file.crc);
    file.bytes += bytes.length;
    if (file.bytes > full32) {
      throw new FormatError('LIMIT', `${file.name} has more than 4 GiB`, {
        format: this.#format,
        hint: 'write several files',
      });
    }
    await new Promise<void>((done, fail) =>
      file.deflate.write(bytes, (error) => (error ? fail(error) : done())),
    );
    await this.#passOn();
  }

  /** Ends the file. */
  async end(): Promise<void> {
    const file = this.#current!;
    file.deflate.end();
    await once(file.deflate, 'end');
    await this.#passOn();
    const { name, at, crc, packedBytes, bytes } = file;
    this.#written.push({ name, at, isStored: false, crc, packedBytes, bytes });
    this.#out.uint32(0x0807_4b50);
    for (const number of [crc, packedBytes, bytes]) this.#out.uint32(number);
    this.#current = undefined;
  }

  /** Ends the archive. */
  async finish(): Promise<void> {
    const start = this.#at + this.#out.length;
    for (const file of this.#written) {
      if (file.at > full32) {
        throw new FormatError('LIMIT', 'the file has more than 4 GiB', {
          format: this.#format,
          hint: 'write several files',
        });
      }
      this.#out.uint32(0x0201_4b50);
      this.#out.uint16(20);
      this.#putHead(file);
      for (let i = 0; i < 4; i++) this.#out.uint16(0);
      this.#out.uint32(0);
      this.#out.uint32(file.at);
      this.#out.text(file.name);
    }
    const bytes = this.#at + this.#out.length - start;
    this.#out.uint32(0x0605_4b50);
    this.#out.uint32(0);
    this.#out.uint16(this.#written.length);
    this.#out.uint16(this.#written.length);
    this.#out.uint32(bytes);
    this.#out.uint32(start);
    this.#out.uint16(0);
    await this.#out.drain(this.#sink, true);
  }

  /** Frees what a file takes that does not come to its end. */
  discard(): void {
    this.#current?.deflate.destroy();
  }

  /** What the two headers of a file have alike. */
  #putHead({ name, isStored, crc, packedBytes, bytes }: Omit<Written, 'at'>): void {
    this.#out.uint16(20);
    this.#out.uint16(isStored ? flags : flags | sizesFollow);
    this.#out.uint16(isStored ? 0 : 8);
    this.#out.uint32(noTime);
    for (const number of [crc, packedBytes, bytes]) this.#out.uint32(number);
    this.#out.uint16(Buffer.byteLength(name));
  }

  async #passOn(): Promise<void> {
    const packed = this.#packed;
    this.#packed = [];
    for (const chunk of packed) {
      this.#current!.packedBytes += chunk.length;
      this.#out.put(chunk);
    }
    await this.#drain();
  }

  async #drain(): Promise<void> {
    const { length } = this.#out;
    await this.#out.drain(this.#sink);
    this.#at += length - this.#out.length;
  }
}
