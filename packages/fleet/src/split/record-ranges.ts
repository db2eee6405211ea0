import { open } from 'node:fs/promises';

/** A part of a file, from its first byte to the one after its last. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface RecordRanges {
  /** The first record, where it names the columns; empty where it does not. */
  readonly header: ByteRange;
  /** In order, each whole records, together all of them. At least one. */
  readonly ranges: readonly ByteRange[];
}

export interface RecordLayout {
  /** `undefined`: JSON Lines, where every newline ends a record (RFC 8259 has none inside a value). */
  readonly delimited?: { readonly delimiter: number; readonly quote: number | undefined } | undefined;
  readonly hasHeader: boolean;
}

const newline = 0x0a;
const chunkBytes = 1 << 20;

/**
 * Where a file can be cut without cutting a record: after the first that ends at or behind each
 * multiple of `partBytes`. The whole file is read once, for only what stands before a newline says
 * whether it is inside of quotes (RFC 4180).
 */
export async function recordRanges(
  path: string,
  partBytes: number,
  { delimited, hasHeader }: RecordLayout,
): Promise<RecordRanges> {
  const machine = new RecordEnds(delimited);
  const cuts: number[] = [];
  let headerEnd = hasHeader ? undefined : 0;
  let offset = 0;
  const file = await open(path);
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, offset);
      if (bytesRead === 0) break;
      for (let at = 0; at < bytesRead;) {
        const end = machine.next(chunk, at, bytesRead);
        if (end < 0) break;
        at = end;
        const place = offset + end;
        if (headerEnd === undefined) headerEnd = place;
        else if (place - (cuts.at(-1) ?? headerEnd) >= partBytes) cuts.push(place);
      }
      offset += bytesRead;
    }
  } finally {
    await file.close();
  }
  const header = { start: 0, end: headerEnd ?? offset };
  // What is behind the last cut, if anything is.
  const ends = cuts.at(-1) === offset ? cuts : [...cuts, offset];
  return { header, ranges: ends.map((end, i) => ({ start: ends[i - 1] ?? header.end, end })) };
}

/** Finds the ends of records, over as many chunks as there are. */
class RecordEnds {
  readonly #delimiter: number;
  readonly #quote: number | undefined;
  #isQuoted = false;
  /** Where a cell begins, a quote opens it; anywhere else it is a character. */
  #isCellStart = true;

  constructor(delimited: RecordLayout['delimited']) {
    this.#delimiter = delimited?.delimiter ?? newline;
    this.#quote = delimited?.quote;
  }

  /** The offset behind the next record's end; -1 if it is not in this chunk. */
  next(chunk: Buffer, from: number, to: number): number {
    const [quote, delimiter] = [this.#quote, this.#delimiter];
    if (quote === undefined) {
      const end = chunk.subarray(from, to).indexOf(newline);
      return end < 0 ? -1 : from + end + 1;
    }
    for (let at = from; at < to; at += 1) {
      const byte = chunk[at]!;
      if (this.#isQuoted) {
        // A doubled quote closes the cell and opens it again.
        if (byte === quote) {
          this.#isQuoted = false;
          this.#isCellStart = true;
        }
      } else if (byte === quote && this.#isCellStart) this.#isQuoted = true;
      else if (byte === newline) {
        this.#isCellStart = true;
        return at + 1;
      } else this.#isCellStart = byte === delimiter || (this.#isCellStart && isByteOrderMark(byte));
    }
    return -1;
  }
}

/** Bytes of U+FEFF, which may stand before the first cell. */
const isByteOrderMark = (byte: number): boolean => byte === 0xef || byte === 0xbb || byte === 0xbf;
