import type { ByteSource } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { Chunks } from './chunks.ts';
import { Ended } from './ended.ts';

type Decoder = InstanceType<typeof TextDecoder>;

/** Bytes that tell the encoding. */
const headBytes = 4;

/** Bytes that are decoded at once. What is wrong with one of them is said of them all, wherever chunks of the source end. */
const blockBytes = 1024;

/** How text that is not UTF-8 is to be read. */
export interface EncodingOptions {
  /**
   * Encoding of the source, by any label of the WHATWG Encoding Standard: `utf-16le`, `latin1`,
   * `windows-1252`, `shift_jis` … A byte order mark beats it. Default `utf-8`; but what looks like
   * UTF-16, or begins with zero bytes alone, is then refused, for they would be text.
   */
  readonly encoding?: string;
  /** Bytes that are no text in the encoding: an error, or replaced by U+FFFD. Default `error`. */
  readonly onInvalidText?: 'error' | 'replace';
}

/** A source as UTF-8, whatever it was, with its byte order mark taken off. */
export class Utf8Source implements ByteSource {
  readonly #source: ByteSource;
  readonly #format: string;
  readonly #told: string | undefined;
  readonly #fatal: boolean;
  /** Bytes that have been turned into UTF-8, and those behind them that are no whole block yet. */
  #decodedBytes = 0;
  #waiting: Uint8Array = new Uint8Array(0);
  /** Bytes of the source that were taken off, when the others are passed on as they are. */
  markLength = 0;
  /** Whether the bytes passed on are not the source's own, so that positions in them mean nothing. */
  isTranscoded = false;

  constructor(source: ByteSource, format: string, options: EncodingOptions) {
    this.#source = source;
    this.#format = format;
    this.#told = options.encoding;
    this.#fatal = options.onInvalidText !== 'replace';
    // Says at once when there is no such encoding.
    decoderFor(this.#told ?? 'utf-8', format, this.#fatal);
  }

  [Symbol.asyncIterator](): Ended<Uint8Array> {
    const chunks = new Chunks(this.#source);
    return new Ended(this.#utf8(chunks), () => chunks.return());
  }

  async *#utf8(chunks: Chunks): AsyncGenerator<Uint8Array, void> {
    let head: Uint8Array | undefined = new Uint8Array(0);
    let decoder: Decoder | undefined;
    for await (const chunk of chunks) {
      let bytes: Uint8Array = chunk;
      if (head !== undefined) {
        bytes = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        if (bytes.length < headBytes) {
          head = Uint8Array.from(bytes);
          continue;
        }
        head = undefined;
        decoder = this.#begin(bytes);
        bytes = bytes.subarray(this.markLength);
      }
      if (decoder === undefined) yield bytes;
      else yield* this.#decoded(decoder, bytes);
    }
    if (head !== undefined) {
      decoder = this.#begin(head);
      if (decoder === undefined) yield head.subarray(this.markLength);
      else yield* this.#decoded(decoder, head);
    }
    if (decoder === undefined) return;
    if (this.#waiting.length > 0) yield Buffer.from(this.#block(decoder, this.#waiting));
    yield Buffer.from(this.#block(decoder));
  }

  /** Looks for a byte order mark; gives a decoder where the bytes have to be turned into UTF-8. */
  #begin(head: Uint8Array): Decoder | undefined {
    const marked = encodingOfMark(head);
    const decoder = decoderFor(marked ?? this.#told ?? 'utf-8', this.#format, this.#fatal);
    const alike = marked === undefined && this.#told === undefined ? encodingOfZeros(head) : undefined;
    if (alike !== undefined) {
      throw new FormatError('INVALID_TEXT', `the text looks like ${alike} without a byte order mark`, {
        format: this.#format,
        byteOffset: 0,
        hint: `read it with encoding: '${alike}', or with 'utf-8' if its zero bytes are meant`,
      });
    }
    if (
      this.#told === undefined &&
      head.length > 0 &&
      head.subarray(0, headBytes).every((byte) => byte === 0)
    ) {
      throw new FormatError('CORRUPT', 'the text begins with zero bytes', {
        format: this.#format,
        byteOffset: 0,
        hint: `it may not have been written before the power went: get it once more; with encoding: 'utf-8' they are text`,
      });
    }
    if (decoder.encoding === 'utf-8' && this.#fatal) {
      this.markLength = marked === undefined ? 0 : 3;
      return undefined;
    }
    this.isTranscoded = true;
    return decoder;
  }

  /** What whole blocks give, also where one of them fails in the end. */
  *#decoded(decoder: Decoder, chunk: Uint8Array): Generator<Uint8Array> {
    const bytes = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
    const end = bytes.length - (bytes.length % blockBytes);
    let text = '';
    try {
      for (let at = 0; at < end; at += blockBytes) {
        text += this.#block(decoder, bytes.subarray(at, at + blockBytes));
      }
    } finally {
      if (text !== '') yield Buffer.from(text);
    }
    this.#waiting = Uint8Array.from(bytes.subarray(end));
  }

  #block(decoder: Decoder, bytes?: Uint8Array): string {
    const from = this.#decodedBytes;
    this.#decodedBytes += bytes?.length ?? 0;
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (cause) {
      const where = bytes === undefined ? 'at the end' : `in the ${bytes.length} bytes from byte ${from} on`;
      throw new FormatError('INVALID_TEXT', `the bytes are not ${decoder.encoding}, ${where}`, {
        format: this.#format,
        cause,
        hint: `give the encoding that the file has, or onInvalidText: 'replace'`,
      });
    }
  }
}

/** What two characters of ASCII look like in UTF-16. */
function encodingOfZeros(head: Uint8Array): string | undefined {
  const zeros = [...head.subarray(0, headBytes)].map((byte) => (byte === 0 ? '0' : 'x')).join('');
  if (zeros === 'x0x0') return 'utf-16le';
  return zeros === '0x0x' ? 'utf-16be' : undefined;
}

function encodingOfMark(head: Uint8Array): string | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}

function decoderFor(encoding: string, format: string, fatal: boolean): Decoder {
  try {
    return new TextDecoder(encoding, { fatal });
  } catch (cause) {
    throw new FormatError('BAD_OPTION', `encoding is ${JSON.stringify(encoding)}`, {
      format,
      cause,
      hint: 'take a label of the WHATWG Encoding Standard, such as utf-16le, latin1 or windows-1252',
    });
  }
}
