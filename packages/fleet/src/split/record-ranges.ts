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
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const chunkBytes = 1 << 20;

/**
 * Where a file can be cut without cutting a record: after the first that ends at or behind each
 * multiple of `partBytes`. The whole file is read once, for only what stands before a line break says
 * whether it is inside of quotes (RFC 4180).
 */
export async function recordRanges(
  path: string,
  partBytes: number,
  layout: RecordLayout,
  { signal, onProgress }: RangeOptions = {},
): Promise<RecordRanges> {
  const cuts = new RecordCuts(partBytes, layout);
  const file = await open(path);
  try {
    let chunk = Buffer.allocUnsafe(chunkBytes);
    let spare = Buffer.allocUnsafe(chunkBytes);
    let pending = file.read(chunk, 0, chunkBytes, 0);
    for (let offset = 0; ;) {
      const { bytesRead } = await pending;
      if (bytesRead === 0) return cuts.end(offset);
      signal?.throwIfAborted();
      pending = file.read(spare, 0, chunkBytes, offset + bytesRead);
      // Whatever becomes of this chunk, the read ahead is waited for, and its error is told then.
      pending.catch(() => undefined);
      cuts.take(chunk, bytesRead, offset);
      offset += bytesRead;
      onProgress?.(offset);
      [chunk, spare] = [spare, chunk];
    }
  } finally {
    await file.close();
  }
}

/** What is known of the bytes before, as bits. */
const inQuotes = 1;
/** A cell begins here, so that a quote opens it; anywhere else it is a character. */
const atCellStart = 2;
/** The byte before was a quote inside of quotes: it closes the cell, or is the first of two. */
const afterQuote = 4;
/** The byte before was a carriage return, which ends a line unless a line feed follows. */
const afterReturn = 8;
/** Nothing but a line break has been seen of the record. */
const blank = 16;
/** Text behind a closing quote: the reader refuses the record, up to the next line break of any kind. */
const refused = 32;
const recordStart = atCellStart | blank;

/** Finds where to cut, over as many chunks as there are, telling records apart as the readers do. */
class RecordCuts {
  readonly #partBytes: number;
  readonly #delimited: RecordLayout['delimited'];
  readonly #hasBlankRows: boolean;
  readonly #cuts: RecordRange[] = [];
  /** Where the part begins that is being filled; undefined before the header has ended. */
  #begin: number | undefined;
  #state = recordStart;
  #lines = 0;
  #rows = 0;

  constructor(partBytes: number, { delimited, hasHeader, hasBlankRows = false }: RecordLayout) {
    this.#partBytes = partBytes;
    this.#delimited = delimited;
    this.#hasBlankRows = hasBlankRows;
    if (!hasHeader) this.#beginAt(0);
  }

  /** Looks through the first bytes of a chunk, which is at that offset in the file. */
  take(chunk: Buffer, length: number, offset: number): void {
    if (this.#delimited === undefined) this.#takeLines(chunk, length, offset);
    else this.#takeDelimited(chunk, length, offset, this.#delimited);
  }

  end(offset: number): RecordRanges {
    const headerEnd = this.#cuts[0]?.start ?? offset;
    if (this.#cuts.length === 0) this.#beginAt(offset);
    // What is behind the last cut, if anything is.
    if (this.#cuts.length > 1 && this.#cuts.at(-1)!.start === offset) this.#cuts.pop();
    const ranges = this.#cuts.map((cut, i) => ({ ...cut, end: this.#cuts[i + 1]?.start ?? offset }));
    return { header: { start: 0, end: headerEnd }, ranges };
  }

  #beginAt(place: number): void {
    this.#begin = place;
    this.#cuts.push({ start: place, end: place, linesBefore: this.#lines, rowsBefore: this.#rows });
  }

  /** A record ends before that place. */
  #endRecord(place: number, isBlank: boolean): void {
    if (this.#begin !== undefined) {
      if (!isBlank || this.#hasBlankRows) this.#rows += 1;
      if (place - this.#begin >= this.#partBytes) this.#beginAt(place);
    } else if (!isBlank) {
      // That was the header.
      this.#lines = 0;
      this.#beginAt(place);
    }
  }

  #takeLines(chunk: Buffer, length: number, offset: number): void {
    const bytes = chunk.subarray(0, length);
    for (let at = 0; at < length;) {
      const found = bytes.indexOf(lineFeed, at);
      const end = found < 0 ? length : found;
      let isBlank = this.#state === recordStart;
      // White space that RFC 8259 allows makes no record.
      for (let i = at; isBlank && i < end; i += 1) isBlank = isSpace(bytes[i]!);
      this.#state = isBlank ? recordStart : 0;
      if (found < 0) return;
      this.#lines += 1;
      this.#state = recordStart;
      this.#endRecord(offset + end + 1, isBlank);
      at = end + 1;
    }
  }

  #takeDelimited(
    chunk: Buffer,
    length: number,
    offset: number,
    { delimiter, quote = -1 }: NonNullable<RecordLayout['delimited']>,
  ): void {
    let state = this.#state;
    for (let at = 0; at < length; at += 1) {
      const byte = chunk[at]!;
      if (state & afterReturn) {
        // A record that ended with it ends behind the line feed, if there is one.
        state &= ~afterReturn;
        this.#lines += 1;
        const end = offset + at + (byte === lineFeed ? 1 : 0);
        if ((state & inQuotes) === 0) {
          this.#endRecord(end, (state & blank) !== 0);
          state = recordStart;
        }
        if (byte === lineFeed) continue;
      }
      if (state & afterQuote) {
        state &= ~afterQuote;
        if (byte === quote) continue;
        state &= ~inQuotes;
        if (byte !== delimiter && byte !== lineFeed && byte !== carriageReturn) {
          state |= refused;
          continue;
        }
      }
      if (state & inQuotes) {
        if (byte === quote) state |= afterQuote;
        else if (byte === lineFeed) this.#lines += 1;
        else if (byte === carriageReturn) state |= afterReturn;
      } else if (byte === lineFeed) {
        this.#lines += 1;
        this.#endRecord(offset + at + 1, (state & blank) !== 0);
        state = recordStart;
      } else if (byte === carriageReturn) state |= afterReturn;
      else if (state & refused) continue;
      else if (byte === quote && state & atCellStart) state = inQuotes;
      else if (byte === delimiter) state = atCellStart;
      // A byte order mark stands before the first cell.
      else if (!(offset + at < 3 && isByteOrderMark[offset + at] === byte)) state = 0;
    }
    this.#state = state;
  }
}

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === carriageReturn;

/** U+FEFF in UTF-8, by place. */
const isByteOrderMark = [0xef, 0xbb, 0xbf];
