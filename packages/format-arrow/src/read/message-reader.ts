import type { ByteSource, RandomAccessSource } from '@x/formats';

import { corrupt, format, tooLarge, truncated, unsupported } from '../errors.ts';
import { type Footer, type Message, readFooter, readMessage } from '../metadata/read-message.ts';
import type { Field } from '../schema/arrow-type.ts';
import {
  type Body,
  isRandomAccess,
  type MessageInput,
  RandomAccessInput,
  StreamInput,
} from './message-input.ts';

const magic = 'ARROW1';
/** What is in front of a length since Arrow 0.15. */
const continuation = 0xffff_ffff;
/** A schema of a hundred thousand columns has a tenth of that. */
const mostMetadata = 256 * 1024 * 1024;

export interface MessagePlan {
  /** Bytes that a body may have. */
  readonly maxBatchBytes: number;
  /** Whether a stream that ends without its mark is whole. */
  readonly acceptsOpenEnd: boolean;
}

/** A message that has a body. */
export type BodyMessage = Exclude<Message, { kind: 'schema' }> & { readonly byteOffset: number };

/**
 * Takes the messages of a file or a stream, from its beginning to its end: a file is a stream with a beginning and
 * a footer around it. https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 */
export class MessageReader {
  readonly #source: ByteSource;
  readonly #plan: MessagePlan;
  #input: MessageInput;
  #isFile = false;
  #dictionaries = 0;
  #batches = 0;
  /** The first message, where it is not the schema. */
  #first: BodyMessage | undefined;
  /** Whether the end mark has been passed. */
  #isEnded = false;

  constructor(source: ByteSource, plan: MessagePlan) {
    this.#source = source;
    this.#plan = plan;
    this.#input = new StreamInput(source);
  }

  /** Whether what is read has a footer. */
  get isFile(): boolean {
    return this.#isFile;
  }

  /** The schema. */
  async open(): Promise<readonly Field[]> {
    const start = await this.#input.bytes(4);
    let length = wordAt(start);
    if (Buffer.from(start).toString('latin1') === 'FEA1') {
      throw unsupported('this is Feather version 1, which is no Arrow file', {
        byteOffset: 0,
        hint: 'have it written as version 2: pyarrow.feather.write_feather(table, path, version=2)',
      });
    }
    if (Buffer.from(start).toString('latin1') === magic.slice(0, 4)) {
      const rest = Buffer.from(await this.#input.bytes(4)).toString('latin1');
      if (!rest.startsWith(magic.slice(4))) throw this.#alien();
      this.#isFile = true;
      length = wordAt(await this.#input.bytes(4));
    }
    if (length === continuation) length = wordAt(await this.#input.bytes(4));
    if (length === 0 && this.#isFile) {
      this.#isEnded = true;
      return this.#schemaOfFooter();
    }
    if (length === 0 || length > mostMetadata) throw this.#alien();
    const message = readMessage(await this.#input.bytes(length));
    if (message.kind !== 'schema') {
      if (!this.#isFile) throw corrupt('the first message is no schema', { byteOffset: 0 });
      this.#first = this.#counted(message, 8);
      return this.#schemaOfFooter();
    }
    if (message.bodyLength > 0) throw corrupt('the schema has a body', { byteOffset: 0 });
    return message.fields;
  }

  /** From here on, reads only what is asked for, if the source can be read out of order. */
  async readSparsely(): Promise<void> {
    if (!isRandomAccess(this.#source) || this.#input instanceof RandomAccessInput) return;
    const { position } = this.#input;
    await this.#input.close();
    this.#input = new RandomAccessInput(this.#source, position);
  }

  /**
   * The next message; its body has to be taken before the next. Undefined at the end, once that is seen to be one.
   *
   * @throws {FormatError} TRUNCATED, CORRUPT
   */
  async next(): Promise<BodyMessage | undefined> {
    if (this.#first !== undefined) {
      const first = this.#first;
      this.#first = undefined;
      return first;
    }
    const byteOffset = this.#input.position;
    if (!this.#isFile && this.#plan.acceptsOpenEnd && (await this.#input.isAtEnd())) return undefined;
    const length = this.#isEnded ? 0 : await this.#length(byteOffset);
    if (length === 0) {
      await this.#end(byteOffset);
      return undefined;
    }
    if (length > mostMetadata) throw corrupt(`a message of ${length} bytes`, { byteOffset });
    const message = readMessage(await this.#input.bytes(length));
    if (message.kind === 'schema') throw corrupt('there is a second schema', { byteOffset });
    return this.#counted(message, byteOffset);
  }

  async body({ bodyLength, byteOffset }: BodyMessage): Promise<Body> {
    if (bodyLength > this.#plan.maxBatchBytes) {
      throw tooLarge(`the record batch at byte ${byteOffset} says that it has ${bodyLength} bytes`);
    }
    return this.#input.body(bodyLength);
  }

  close(): Promise<void> {
    return this.#input.close();
  }

  #counted(message: Exclude<Message, { kind: 'schema' }>, byteOffset: number): BodyMessage {
    if (message.kind === 'batch') this.#batches++;
    else this.#dictionaries++;
    return { ...message, byteOffset };
  }

  /**
   * The schema of a file that has it at its end only, as those of apache-arrow for JavaScript have. What comes in order only
   * is held in memory then.
   */
  async #schemaOfFooter(): Promise<readonly Field[]> {
    const { position } = this.#input;
    if (isRandomAccess(this.#source)) {
      const { size } = this.#source;
      const most = Math.min(size - position, mostMetadata);
      const ending = Buffer.from(await this.#source.readAt(size - 10, 10));
      const length = Math.min(
        most,
        10 + (ending.toString('latin1', 4) === magic ? ending.readUInt32LE(0) : 0),
      );
      return footerOf(Buffer.from(await this.#source.readAt(size - length, length)), size, position).schema();
    }
    const { maxBatchBytes } = this.#plan;
    const rest = await this.#input.rest(maxBatchBytes);
    if (rest.length > maxBatchBytes) {
      throw tooLarge('the file has its schema at its end, and so has to be held in memory as a whole');
    }
    await this.#input.close();
    const held: RandomAccessSource = {
      size: position + rest.length,
      readAt: async (at, length) => rest.subarray(at - position, at - position + length),
      async *[Symbol.asyncIterator]() {},
    };
    this.#input = new RandomAccessInput(held, position);
    return footerOf(rest, held.size, position).schema();
  }

  async #length(byteOffset: number): Promise<number> {
    if (await this.#input.isAtEnd()) {
      const what = this.#isFile ? 'the file ends without its footer' : 'the stream ends without its end mark';
      throw truncated(what, {
        byteOffset,
        hint: this.#isFile
          ? 'it was not written or copied to its end: get it once more'
          : `get it once more; if its writer marks no end, read it with endMark: 'optional'`,
      });
    }
    const word = wordAt(await this.#input.bytes(4));
    return word === continuation ? wordAt(await this.#input.bytes(4)) : word;
  }

  /** What follows the end mark: the footer of a file, and nothing else. */
  async #end(byteOffset: number): Promise<void> {
    if (!this.#isFile) {
      if (await this.#input.isAtEnd()) return;
      throw corrupt('there are bytes behind the end of the stream', {
        byteOffset: this.#input.position,
        hint: 'it may be several streams in one file: take them apart',
      });
    }
    // Nothing tells the footer's length but what follows it.
    const rest = await this.#input.rest(mostMetadata);
    if (rest.length > mostMetadata) throw corrupt('the footer has no end', { byteOffset });
    const listed = footerOf(rest, this.#input.position, byteOffset);
    if (listed.batches !== this.#batches || listed.dictionaries !== this.#dictionaries) {
      throw corrupt(
        `the footer lists ${listed.batches} record batches and ${listed.dictionaries} dictionaries, ` +
          `where there are ${this.#batches} and ${this.#dictionaries}`,
        { byteOffset },
      );
    }
  }

  #alien() {
    return corrupt(`the file begins neither as an ${format} file nor as a stream does`, { byteOffset: 0 });
  }
}

/** The footer that bytes end with, where the file has so many. `byteOffset` is where it cannot be before. */
function footerOf(bytes: Buffer, fileSize: number, byteOffset: number): Footer {
  const { length: size } = bytes;
  if (bytes.toString('latin1', Math.max(0, size - 6)) !== magic) {
    throw truncated('the file does not end as an Arrow file does', { byteOffset: fileSize });
  }
  const length = size < 10 ? 0 : bytes.readUInt32LE(size - 10);
  if (length === 0 || length > size - 10) throw corrupt('the footer has no length', { byteOffset });
  return readFooter(bytes.subarray(size - 10 - length, size - 10));
}

function wordAt(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}
