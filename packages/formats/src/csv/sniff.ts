import type { Input } from '../source/input.ts';
import { none } from './dialect.ts';

/** In the order in which they win where nothing else decides. */
const candidates = [',', '\t', ';', '|'];

/** Bytes to look at. */
const sampleBytes = 64 * 1024;

/** The delimiter that divides the first records into the most cells, the same number in each. */
export function sniffDelimiter(input: Input, quote: string | undefined, comment = ''): string {
  const sample = input.arena.bytes.subarray(input.start, Math.min(input.end, input.start + sampleBytes));
  const isWhole = input.ended && sample.length === input.end - input.start;
  const quoteByte = quote === '' ? none : (quote ?? '"').charCodeAt(0);
  const commentByte = comment === '' ? none : comment.charCodeAt(0);
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of candidates) {
    const score = evenness(cellCounts(sample, delimiter.charCodeAt(0), quoteByte, commentByte, isWhole));
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** How many cells each record of the sample has, outside quotes that begin a cell, and but for comments. */
function cellCounts(
  sample: Uint8Array,
  delimiter: number,
  quote: number,
  comment: number,
  isWhole: boolean,
): number[] {
  const counts: number[] = [];
  let cells = 1;
  let cellStart = 0;
  let inQuotes = false;
  let inComment = false;
  for (const [i, byte] of sample.entries()) {
    const isEnd = byte === 10 || byte === 13;
    if (inComment) inComment = !isEnd;
    else if (inQuotes) inQuotes = byte !== quote;
    // A doubled quote closes and opens again.
    else if (byte === quote && (i === cellStart || sample[i - 1] === quote)) inQuotes = true;
    else if (byte === comment && i === cellStart && cells === 1) inComment = true;
    else if (byte === delimiter) {
      cells++;
      cellStart = i + 1;
    } else if (isEnd && (i > cellStart || cells > 1)) {
      counts.push(cells);
      cells = 1;
    }
    if (isEnd && !inQuotes) cellStart = i + 1;
  }
  if (isWhole && cellStart < sample.length && !inComment) counts.push(cells);
  return counts;
}

/** Cells a record, less for every record that has another number of them; 0 for a single column. */
function evenness(counts: readonly number[]): number {
  const [first = 1] = counts;
  if (first === 1) return 0;
  const even = counts.filter((count) => count === first).length;
  return first * (even / counts.length) ** 4;
}
