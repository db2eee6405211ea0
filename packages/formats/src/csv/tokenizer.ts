import type { ByteDialect } from './dialect.ts';

const LF = 10;
const CR = 13;

/** What happened at the place where the tokenizer stopped. */
export type Stop = 'done' | 'open-quote' | 'text-after-quote';

/**
 * Where the cells of some records are. The arrays grow as needed and are reused from run to run.
 *
 * Cell `i` is `bytes.subarray(starts[i], ends[i])` without its quotes; `flags[i]` says what to make
 * of it. Record `r` has the cells from `recordEnds[r - 1]` to `recordEnds[r]`.
 */
export interface CellIndex {
  starts: Uint32Array;
  ends: Uint32Array;
  flags: Uint8Array;
  recordEnds: Uint32Array;
  records: number;
}

export const Flag = {
  /** The cell was written in quotes. */
  quoted: 1,
  /** It has doubled quotes inside. */
  doubled: 2,
} as const;

export function createCellIndex(capacity = 1024): CellIndex {
  return {
    starts: new Uint32Array(capacity),
    ends: new Uint32Array(capacity),
    flags: new Uint8Array(capacity),
    recordEnds: new Uint32Array(capacity),
    records: 0,
  };
}

/** Position and reason of the end of a run. */
export interface Run {
  /** Just after the last whole record. */
  readonly end: number;
  readonly stop: Stop;
  /** Where the trouble is, unless done. */
  readonly at: number;
}

/**
 * Finds the cells of all the whole records of `bytes[start, end)`. A record that is still open at
 * `end` is left for the next run, unless `last` says that nothing follows.
 */
export function tokenize(
  bytes: Uint8Array,
  start: number,
  end: number,
  last: boolean,
  dialect: ByteDialect,
  index: CellIndex,
): Run {
  const { delimiter, quote } = dialect;
  let p = start;
  let cells = 0;
  let record = start;
  index.records = 0;
  while (p < end) {
    let cellStart = p;
    let cellEnd: number;
    let flags = 0;
    if (bytes[p] === quote) {
      cellStart = ++p;
      flags = Flag.quoted;
      for (;;) {
        while (p < end && bytes[p] !== quote) p++;
        if (p + 1 >= end && !last) return { end: record, stop: 'done', at: p };
        if (p >= end) return { end: record, stop: 'open-quote', at: cellStart - 1 };
        if (p + 1 < end && bytes[p + 1] === quote) {
          flags |= Flag.doubled;
          p += 2;
        } else break;
      }
      cellEnd = p++;
      if (p < end && bytes[p] !== delimiter && bytes[p] !== LF && bytes[p] !== CR) {
        return { end: record, stop: 'text-after-quote', at: p };
      }
    } else {
      while (p < end && bytes[p] !== delimiter && bytes[p] !== LF && bytes[p] !== CR) p++;
      cellEnd = p;
    }
    if (p >= end && !last) break;
    // A CR at the end of what there is may be the first half of a CRLF.
    if (bytes[p] === CR && p + 1 >= end && !last) break;
    if (cells === index.starts.length) growCells(index);
    index.starts[cells] = cellStart;
    index.ends[cells] = cellEnd;
    index.flags[cells] = flags;
    cells++;
    if (p < end && bytes[p] === delimiter) {
      p++;
      // A delimiter that nothing follows still has an empty cell after it.
      if (p < end || !last) continue;
      if (cells === index.starts.length) growCells(index);
      index.starts[cells] = index.ends[cells] = p;
      index.flags[cells] = 0;
      cells++;
    } else if (p < end) p += bytes[p] === CR && bytes[p + 1] === LF && p + 1 < end ? 2 : 1;
    if (index.records === index.recordEnds.length) growRecords(index);
    index.recordEnds[index.records++] = cells;
    record = p;
  }
  return { end: record, stop: 'done', at: record };
}

function growCells(index: CellIndex): void {
  index.starts = grown(index.starts, Uint32Array);
  index.ends = grown(index.ends, Uint32Array);
  index.flags = grown(index.flags, Uint8Array);
}

function growRecords(index: CellIndex): void {
  index.recordEnds = grown(index.recordEnds, Uint32Array);
}

function grown<T extends Uint32Array | Uint8Array>(array: T, type: new (length: number) => T): T {
  const larger = new type(array.length * 2);
  larger.set(array);
  return larger;
}
