import type { Input } from '../source/input.ts';
import type { ColumnTable } from './column-table.ts';
import type { Sequence } from './records.ts';
import { JsonScanner, JsonSyntaxError } from './scanner.ts';

/**
 * Adds the keys of the first records that are in memory as columns. It is done when there were as
 * many records as were to be looked at, or one that is not in order: what is wrong with it shows
 * when it is read.
 */
export function discoverColumns(
  input: Input,
  columns: ColumnTable,
  sequence: Sequence,
  scanLimit: number,
  maxDepth: number,
): { isDone: boolean; records: number; unfinishedBytes: number } {
  const { bytes } = input.arena;
  const scanner = new JsonScanner(bytes, input.end, maxDepth);
  let p = input.start;
  let recordStart = p;
  let records = 0;
  const endsAt = (place: number) => ({
    isDone: place < input.end || input.ended,
    records,
    unfinishedBytes: input.end - recordStart,
  });
  try {
    for (; records < scanLimit; records++) {
      recordStart = p;
      p = scanner.space(p);
      if (scanner.byteAt(p) !== 0x7b) return endsAt(p);
      const keys = new Map<string, Uint8Array>();
      p = scanner.members(p, 0, (key, value) => {
        const keyEnd = scanner.string(key);
        keys.set(String(JSON.parse(bytes.toString('utf8', key, keyEnd))), bytes.subarray(key, keyEnd));
        return scanner.value(value, 1);
      });
      for (const [name, key] of keys) columns.add(name, key);
      if (sequence === 'single') break;
      if (sequence === 'lines') continue;
      p = scanner.space(p);
      if (scanner.byteAt(p) !== 0x2c) return endsAt(p);
      p++;
    }
    return { isDone: true, records, unfinishedBytes: 0 };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return endsAt(error.at);
  }
}
