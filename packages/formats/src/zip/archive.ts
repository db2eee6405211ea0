import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';

import type { RandomAccessSource } from '../contract.ts';
import { FormatError, type FormatErrorDetails } from '../format-error.ts';

/** A file in an archive (PKWARE's APPNOTE 6.3.10). */
interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly headerAt: number;
}

const chunkBytes = 64 * 1024;
/** A directory of more is no archive of a document. */
const maxDirectoryBytes = 64 * 1024 * 1024;
const full16 = 0xffff;
const full32 = 0xffff_ffff;

/**
 * A zip archive whose files are read one after the other, as streams. Names are compared without case.
 *
 * @throws {FormatError} Whatever is wrong with the archive, in the name of the format that it is the file of: CORRUPT
 * for bytes that contradict each other or a checksum, TRUNCATED, UNSUPPORTED for passwords and other methods than deflate.
 */
export class Archive {
  readonly #source: RandomAccessSource;
  readonly #format: string;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(source: RandomAccessSource, format: string, entries: ReadonlyMap<string, Entry>) {
    this.#source = source;
    this.#format = format;
    this.#entries = entries;
  }

  /** Reads the directory. The name of the format is that of the files, `.xlsx` or `.ods`, as well. */
  static async open(source: RandomAccessSource, format: string): Promise<Archive> {
    const { at, bytes } = await directoryOf(source, format);
    return new Archive(source, format, entriesOf(bytes, at, format));
  }

  has(name: string): boolean {
    return this.#entries.has(name.toLowerCase());
  }

  /** Bytes of a file, when it is decompressed, as the directory says. */
  sizeOf(name: string): number {
    return this.#entries.get(name.toLowerCase())?.bytes ?? 0;
  }

  /** The bytes of a file; its checksum has been verified when they end. */
  async *read(name: string): AsyncGenerator<Uint8Array, void> {
    const entry = this.#entries.get(name.toLowerCase());
    if (entry === undefined) throw this.#corrupt(`there is no ${name} in the file`);
    let crc = 0;
    let bytes = 0;
    for await (const chunk of this.#unpacked(entry, name)) {
      bytes += chunk.length;
      // What the directory says of its size has been checked against the limits.
      if (bytes > entry.bytes) throw this.#corrupt(`${name} is larger than it says`);
      crc = crc32(chunk, crc);
      yield chunk;
    }
    if (bytes !== entry.bytes || crc !== entry.crc) throw this.#corrupt(`${name} does not have its checksum`);
  }

  async *#unpacked(entry: Entry, name: string): AsyncGenerator<Uint8Array, void> {
    const packed = this.#packed(entry);
    if (entry.method === 0) return yield* packed;
    if (entry.method !== 8) {
      throw new FormatError('UNSUPPORTED', `${name} is compressed with method ${entry.method}`, {
        format: this.#format,
        hint: 'have it written by a spreadsheet program, which uses deflate',
      });
    }
    if (entry.packedBytes <= chunkBytes && entry.bytes <= 1024 * 1024) {
      yield await this.#unpackedAtOnce(entry, name);
      return;
    }
    const inflate = createInflateRaw({ chunkSize: chunkBytes });
    // Bytes that are damaged end a write without a word.
    let release: (() => void) | undefined;
    inflate.once('close', () => release?.());
    // An error of the source must come through as it is.
    let failure: unknown;
    const feed = (async () => {
      try {
        for await (const chunk of packed) {
          if (inflate.destroyed) return;
          await new Promise<void>((done) => {
            release = done;
            inflate.write(chunk, () => done());
          });
        }
        inflate.end();
      } catch (error) {
        failure = error;
        inflate.destroy(error as Error);
      }
    })();
    try {
      for await (const chunk of inflate) yield chunk as Uint8Array;
    } catch (error) {
      if (failure !== undefined) throw failure;
      throw this.#corrupt(`${name} is damaged`, { cause: error });
    } finally {
      inflate.destroy();
      await feed;
    }
  }

  /** A small file, for which a stream would be a lot of work. */
  async #unpackedAtOnce(entry: Entry, name: string): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.#packed(entry)) chunks.push(chunk);
    try {
      return inflateRawSync(Buffer.concat(chunks), { maxOutputLength: entry.bytes + 1 });
    } catch (cause) {
      throw this.#corrupt(`${name} is damaged`, { cause });
    }
  }

  #corrupt(what: string, details?: FormatErrorDetails): FormatError {
    return corrupt(what, this.#format, details);
  }

  async *#packed({ headerAt, packedBytes }: Entry): AsyncGenerator<Uint8Array, void> {
    const header = Buffer.from(await exactly(this.#source, this.#format, headerAt, 30));
    if (header.readUInt32LE(0) !== 0x0403_4b50)
      throw this.#corrupt('a part is not where the directory says', { byteOffset: headerAt });
    const start = headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    for (let at = 0; at < packedBytes; at += chunkBytes) {
      yield await exactly(this.#source, this.#format, start + at, Math.min(chunkBytes, packedBytes - at));
    }
  }
}

/** The bytes contradict each other, or the format. */
function corrupt(what: string, format: string, details: FormatErrorDetails = {}): FormatError {
  const hint = `the file is damaged, or is no .${format}: get it once more from where it came`;
  return new FormatError('CORRUPT', what, { hint, ...details, format });
}

async function directoryOf(
  source: RandomAccessSource,
  format: string,
): Promise<{ at: number; bytes: Buffer }> {
  const { size } = source;
  const head = Buffer.from(await source.readAt(0, Math.min(8, size)));
  if (head.toString('hex') === 'd0cf11e0a1b11ae1') {
    throw new FormatError(
      'UNSUPPORTED',
      'the file is a workbook of Excel 97 (.xls), or of Excel and protected by a password',
      { format, hint: `save it as .${format} without a password` },
    );
  }
  // The end has a comment of any length, as a rule none.
  const tail = Buffer.from(await source.readAt(Math.max(0, size - 65_557), Math.min(size, 65_557)));
  const end = tail.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end < 0 || end + 22 > tail.length) {
    const code = head.toString('latin1', 0, 2) === 'PK' ? 'TRUNCATED' : 'CORRUPT';
    throw new FormatError(
      code,
      code === 'CORRUPT'
        ? `the file is no .${format}, which are zip archives`
        : 'the file ends in the middle',
      {
        format,
        hint: 'it was not written or copied to its end, or is something else: get it once more',
      },
    );
  }
  let bytes = tail.readUInt32LE(end + 12);
  let at = tail.readUInt32LE(end + 16);
  if (bytes === full32 || at === full32 || tail.readUInt16LE(end + 10) === full16) {
    if (end < 20 || tail.readUInt32LE(end - 20) !== 0x0706_4b50)
      throw corrupt('the directory is missing', format);
    const record = Buffer.from(await exactly(source, format, Number(tail.readBigUInt64LE(end - 12)), 56));
    bytes = Number(record.readBigUInt64LE(40));
    at = Number(record.readBigUInt64LE(48));
  }
  if (bytes > maxDirectoryBytes) throw corrupt('the directory is absurdly large', format);
  return { at, bytes: Buffer.from(await exactly(source, format, at, bytes)) };
}

function entriesOf(bytes: Buffer, byteOffset: number, format: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (let at = 0; at < bytes.length;) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x0201_4b50) {
      throw corrupt('the directory is damaged', format, { byteOffset: byteOffset + at });
    }
    const nameAt = at + 46;
    const extraAt = nameAt + bytes.readUInt16LE(at + 28);
    const end = extraAt + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if ((bytes.readUInt16LE(at + 8) & 1) === 1) {
      throw new FormatError('UNSUPPORTED', 'the file is protected by a password', {
        format,
        hint: 'save it without one',
      });
    }
    const sizes = [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)];
    const [size, packedBytes, headerAt] = largeSizes(sizes, bytes.subarray(extraAt, end));
    const name = bytes.toString('utf8', nameAt, extraAt).replaceAll('\\', '/').toLowerCase();
    // Two readers could take different ones.
    if (entries.has(name)) throw corrupt(`${name} is in the file twice`, format);
    entries.set(name, {
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packedBytes: packedBytes!,
      bytes: size!,
      headerAt: headerAt!,
    });
    at = end;
  }
  return entries;
}

/** Sizes that need more than 32 bits are in a field of their own. */
function largeSizes(sizes: readonly number[], extra: Buffer): number[] {
  if (!sizes.includes(full32)) return [...sizes];
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return sizes.map((size) => {
      if (size !== full32 || next + 8 > extra.length) return size;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    });
  }
  return [...sizes];
}

/** @throws {FormatError} TRUNCATED for what is behind the end. */
async function exactly(
  source: RandomAccessSource,
  format: string,
  at: number,
  length: number,
): Promise<Uint8Array> {
  if (at + length <= source.size) return source.readAt(at, length);
  throw new FormatError('TRUNCATED', 'the file ends in the middle', {
    format,
    byteOffset: source.size,
    hint: 'it was not written or copied to its end: get it once more',
  });
}
