import { open } from 'node:fs/promises';

/** A part of a file, from its first byte to the one after its last. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Whole records of a file, and what is before them. */
export interface RecordRange extends ByteRange {
  /** Line breaks between the header and the range. */
  readonly linesBefore: number;
  /** Rows before the range. */
  readonly rowsBefore: number;
}

export interface RecordRanges {
  /** The first record, where it names the columns, with blank lines before it; empty where it does not. */
  readonly header: ByteRange;
  /** In order, each whole records, together all of them. At least one. */
  readonly ranges: readonly RecordRange[];
}

export interface RecordLayout {
  /** `undefined`: JSON Lines, where every newline ends a record. */
  readonly delimited?: { readonly delimiter: number; readonly quote: number | undefined } | undefined;
  readonly hasHeader: boolean;
  /** Whether a blank line is a row, as it is in a table of one column. Default `false`. */
  readonly hasBlankRows?: boolean | undefined;
}

export interface RangeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes have been looked through. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
  /** Bytes that are read at a time. Default 1 MiB. */
  readonly chunkBytes?: number | undefined;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** Bytes of the chunk before that stand in front of each. */
const carriedBytes = 2;

/**
 * Where a file can be cut without cutting a record: after the first that ends at or behind each
 * multiple of `partBytes`. The whole file is read once, for only what stands before a line break says
 * whether it is inside of quotes (RFC 4180).
 */
export async function recordRanges(
  path: string,
  partBytes: number,
  layout: RecordLayout,
  { signal, onProgress, chunkBytes = 1 << 20 }: RangeOptions = {},
): Promise<RecordRanges> {
  const cuts = new RecordCuts(partBytes, layout);
  const file = await open(path);
  try {
    let [chunk, spare] = [0, 1].map(() => Buffer.alloc(carriedBytes + chunkBytes)) as [Buffer, Buffer];
    let pending = file.read(chunk, carriedBytes, chunkBytes, 0);
    for (let offset = 0; ;) {
      const { bytesRead } = await pending;
      signal?.throwIfAborted();
      const end = carriedBytes + bytesRead;
      if (bytesRead === 0) {
        cuts.take(chunk, end, true);
        return cuts.end();
      }
      pending = file.read(spare, carriedBytes, chunkBytes, offset + bytesRead);
      // Whatever becomes of this chunk, the read ahead is waited for, and its error is told then.
      pending.catch(() => undefined);
      cuts.take(chunk, end, false);
      chunk.copy(spare, 0, end - carriedBytes, end);
      offset += bytesRead;
      onProgress?.(offset);
      [chunk, spare] = [spare, chunk];
    }
  } finally {
    await file.close();
  }
}

/** What a byte stands in. */
const plain = 0;
const quoted = 1;
/** Text behind a closing quote: the reader refuses the record, up to the next line break of any kind. */
const refused = 2;

/** Finds where to cut, over as many chunks as there are, telling records apart as the readers do. */
class RecordCuts {
  readonly #partBytes: number;
  readonly #delimited: RecordLayout['delimited'];
  readonly #hasBlankRows: boolean;
  /** By byte: whether it can change anything. */
  readonly #special = new Uint8Array(256);
  readonly #cuts: RecordRange[] = [];
  /** Where the part begins that is being filled; undefined before the header has ended. */
  #begin: number | undefined;
  #mode = plain;
  #recordStart = 0;
  #lines = 0;
  #rows = 0;
  /** Bytes of the file that have been looked at. */
  #seen = 0;
  /** Bytes that have been read and not looked at: what they are is told by the next one. */
  #kept = 0;

  constructor(partBytes: number, { delimited, hasHeader, hasBlankRows = false }: RecordLayout) {
    this.#partBytes = partBytes;
    this.#delimited = delimited;
    this.#hasBlankRows = hasBlankRows;
    for (const byte of [lineFeed, carriageReturn, delimited?.quote]) {
      if (byte !== undefined) this.#special[byte] = 1;
    }
    if (!hasHeader) this.#beginAt(0);
  }

  /** Looks through a chunk, which has the last bytes of the one before in front of it. */
  take(chunk: Buffer, end: number, isLast: boolean): void {
    const from = carriedBytes - this.#kept;
    const to =
      this.#delimited === undefined
        ? this.#takeLines(chunk, from, end)
        : this.#takeDelimited(chunk, { from, end, isLast }, this.#delimited);
    this.#seen += to - from;
    this.#kept = end - to;
  }

  end(): RecordRanges {
    const size = this.#seen;
    if (this.#cuts.length === 0) this.#beginAt(size);
    const headerEnd = this.#cuts[0]!.start;
    // What is behind the last cut, if anything is.
    if (this.#cuts.length > 1 && this.#cuts.at(-1)!.start === size) this.#cuts.pop();
    const ranges = this.#cuts.map((cut, i) => ({ ...cut, end: this.#cuts[i + 1]?.start ?? size }));
    return { header: { start: 0, end: headerEnd }, ranges };
  }

  #beginAt(place: number): void {
    this.#begin = place;
    this.#cuts.push({ start: place, end: place, linesBefore: this.#lines, rowsBefore: this.#rows });
  }

  /** A record ends before that place. */
  #endRecord(place: number, isBlank: boolean): void {
    this.#recordStart = place;
    if (this.#begin !== undefined) {
      if (!isBlank || this.#hasBlankRows) this.#rows += 1;
      if (place - this.#begin >= this.#partBytes) this.#beginAt(place);
    } else if (!isBlank) {
      // That was the header.
      this.#lines = 0;
      this.#beginAt(place);
    }
  }

  #takeLines(chunk: Buffer, from: number, end: number): number {
    const first = this.#seen - from;
    const bytes = chunk.subarray(0, end);
    for (let at = from; ;) {
      const found = bytes.indexOf(lineFeed, at);
      const lineEnd = found < 0 ? end : found;
      let isBlank = this.#recordStart === first + at;
      // White space that RFC 8259 allows makes no record.
      for (let i = at; isBlank && i < lineEnd; i += 1) isBlank = isSpace(bytes[i]!);
      if (found < 0) {
        // A blank that goes on in the next chunk is one still.
        if (isBlank) this.#recordStart = first + end;
        return end;
      }
      this.#lines += 1;
      at = lineEnd + 1;
      this.#endRecord(first + at, isBlank);
    }
  }

  #takeDelimited(
    bytes: Buffer,
    { from, end, isLast }: { readonly from: number; readonly end: number; readonly isLast: boolean },
    { delimiter, quote = -1 }: NonNullable<RecordLayout['delimited']>,
  ): number {
    const first = this.#seen - from;
    const special = this.#special;
    // What a quote or a carriage return is, the byte behind it tells.
    const stop = isLast ? end : end - 1;
    let at = from;
    if (this.#seen === 0 && this.#kept === 0 && isByteOrderMark(bytes, from, end)) {
      at += 3;
      this.#recordStart = 3;
    }
    let mode = this.#mode;
    for (; ; at += 1) {
      // Nearly all bytes change nothing.
      while (at < stop && special[bytes[at]!] === 0) at += 1;
      if (at >= stop) break;
      const byte = bytes[at]!;
      if (byte === quote) {
        if (mode === quoted) {
          const next = at + 1 < end ? bytes[at + 1]! : lineFeed;
          if (next === quote) at += 1;
          else mode = next === delimiter || isBreak(next) ? plain : refused;
        } else if (mode === plain) {
          // Where a cell begins, a quote opens it; anywhere else it is a character.
          const before = bytes[at - 1]!;
          if (before === delimiter || isBreak(before) || first + at === this.#recordStart) mode = quoted;
        }
        continue;
      }
      this.#lines += 1;
      const start = at;
      if (byte === carriageReturn && at + 1 < end && bytes[at + 1] === lineFeed) at += 1;
      if (mode === quoted) continue;
      mode = plain;
      this.#endRecord(first + at + 1, first + start === this.#recordStart);
    }
    this.#mode = mode;
    return at;
  }
}

const isBreak = (byte: number): boolean => byte === lineFeed || byte === carriageReturn;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === carriageReturn;

/** U+FEFF in UTF-8, which may stand before the first cell. */
const isByteOrderMark = (bytes: Buffer, from: number, end: number): boolean =>
  end - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf;
