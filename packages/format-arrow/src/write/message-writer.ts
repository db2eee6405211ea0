import type { ByteSink } from '@x/formats';

import { packBuffer } from '../codec/codecs.ts';
import { batchMessage, type Block, footer, schemaMessage } from '../metadata/write-message.ts';
import type { Field } from '../schema/arrow-type.ts';
import type { ArrowWritePlan } from './write-plan.ts';

/** Everything begins at a multiple of this. */
const alignment = 8;
/** Parts of so many bytes go to the sink by themselves, smaller ones together. */
const largePart = 64 * 1024;

const continuation = Buffer.from([0xff, 0xff, 0xff, 0xff]);
const endMark = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

/** Puts messages into a file or a stream. */
export class MessageWriter {
  readonly #sink: ByteSink;
  readonly #plan: ArrowWritePlan;
  readonly #blocks: Block[] = [];
  #fields: readonly Field[] = [];
  #at = 0;
  #small: Uint8Array[] = [];
  #smallBytes = 0;

  constructor(sink: ByteSink, plan: ArrowWritePlan) {
    this.#sink = sink;
    this.#plan = plan;
  }

  async begin(fields: readonly Field[]): Promise<void> {
    this.#fields = fields;
    if (this.#plan.container === 'file') await this.#put(Buffer.from('ARROW1\0\0'));
    await this.#message(schemaMessage(fields));
  }

  /** @param buffers May be written to again once this has resolved. */
  async batch(
    rows: number,
    nodes: readonly (readonly number[])[],
    buffers: readonly Uint8Array[],
  ): Promise<void> {
    const { compression, compressionLevel } = this.#plan;
    const places: number[][] = [];
    const parts: Uint8Array[] = [];
    let end = 0;
    for (const buffer of buffers) {
      const packed = compression === undefined ? [buffer] : packBuffer(buffer, compression, compressionLevel);
      const length = packed.reduce((sum, part) => sum + part.length, 0);
      places.push([end, length]);
      const padding = -length & (alignment - 1);
      parts.push(...packed, new Uint8Array(padding));
      end += length + padding;
    }
    const at = this.#at;
    const metadataBytes = await this.#message(batchMessage(rows, nodes, places, compression, end));
    for (const part of parts) await this.#put(part);
    await this.#flush();
    this.#blocks.push({ at, metadataBytes, bodyBytes: end });
  }

  async finish(): Promise<void> {
    await this.#put(endMark);
    if (this.#plan.container === 'file') {
      const metadata = footer(this.#fields, this.#blocks);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(metadata.length);
      for (const part of [metadata, length, Buffer.from('ARROW1')]) await this.#put(part);
    }
    await this.#flush();
  }

  /** Gives the bytes that it takes, without a body. */
  async #message(metadata: Buffer): Promise<number> {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(metadata.length);
    for (const part of [continuation, length, metadata]) await this.#put(part);
    return 8 + metadata.length;
  }

  async #put(part: Uint8Array): Promise<void> {
    if (part.length === 0) return;
    this.#at += part.length;
    if (part.length >= largePart) {
      await this.#flush();
      await this.#sink.write(part);
      return;
    }
    this.#small.push(part);
    this.#smallBytes += part.length;
    if (this.#smallBytes >= largePart) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#smallBytes === 0) return;
    const chunk = Buffer.concat(this.#small);
    this.#small = [];
    this.#smallBytes = 0;
    await this.#sink.write(chunk);
  }
}
