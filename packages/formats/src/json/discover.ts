import type { Input } from '../source/input.ts';
import type { ColumnTable } from './column-table.ts';
import type { Sequence } from './records.ts';
import { JsonScanner, JsonSyntaxError } from './scanner.ts';

const LF = 10;
const comma = 0x2c;
const openBrace = 0x7b;

export interface DiscoveryPlan {
  /** Records to look at. */
  readonly scanLimit: number;
  readonly maxDepth: number;
  /** Whether what cannot be read is left out, so that columns have to be looked for behind it. */
  readonly leavesOut: boolean;
}

export interface Discovery {
  /** Whether as many records have been looked at as were to be, or all that can be read. */
  readonly isDone: boolean;
  readonly records: number;
  readonly unfinishedBytes: number;
}

type Keys = ReadonlyMap<string, Uint8Array>;

/** Adds the keys of the first records that are in memory as columns. What is wrong with a record shows when it is read. */
export function discoverColumns(
  input: Input,
  columns: ColumnTable,
  sequence: Sequence,
  plan: DiscoveryPlan,
): Discovery {
  const found = sequence === 'lines' ? keysOfLines(input, plan) : keysOfItems(input, sequence, plan);
  let records = 0;
  for (let next = found.next(); ; next = found.next()) {
    if (next.done === true) return { ...next.value, records };
    records++;
    for (const [name, key] of next.value) columns.add(name, key);
  }
}

type Keyed = Generator<Keys, Omit<Discovery, 'records'>>;

function* keysOfLines(input: Input, { scanLimit, maxDepth, leavesOut }: DiscoveryPlan): Keyed {
  const bytes = input.arena.bytes.subarray(0, input.end);
  let lineStart = input.start;
  for (let records = 0; records < scanLimit && lineStart < input.end;) {
    const lineFeed = bytes.indexOf(LF, lineStart);
    if (lineFeed < 0 && !input.ended) return { isDone: false, unfinishedBytes: input.end - lineStart };
    const end = lineFeed < 0 ? input.end : lineFeed;
    const scanner = new JsonScanner(bytes, end, maxDepth);
    const start = scanner.space(lineStart);
    const keys = start < end ? keysOfLine(bytes, start, scanner) : undefined;
    if (keys !== undefined) {
      yield keys;
      records++;
    } else if (start < end && !leavesOut) return { isDone: true, unfinishedBytes: 0 };
    if (records === scanLimit) return { isDone: true, unfinishedBytes: 0 };
    lineStart = end + 1;
  }
  return { isDone: input.ended || lineStart < input.end, unfinishedBytes: 0 };
}

/** Undefined where the line is no record. */
function keysOfLine(bytes: Buffer, start: number, scanner: JsonScanner): Keys | undefined {
  if (scanner.byteAt(start) !== openBrace) return undefined;
  try {
    const { keys, end } = keysOf(bytes, start, scanner);
    return scanner.byteAt(scanner.space(end)) === undefined ? keys : undefined;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

function* keysOfItems(input: Input, sequence: Sequence, plan: DiscoveryPlan): Keyed {
  const { scanLimit, maxDepth, leavesOut } = plan;
  const { bytes } = input.arena;
  const scanner = new JsonScanner(bytes, input.end, maxDepth);
  let p = input.start;
  let itemStart = p;
  const endsAt = (place: number) => ({
    isDone: place < input.end || input.ended,
    unfinishedBytes: input.end - itemStart,
  });
  try {
    for (let records = 0; records < scanLimit;) {
      itemStart = p;
      p = scanner.space(p);
      if (scanner.byteAt(p) === openBrace) {
        const { keys, end } = keysOf(bytes, p, scanner);
        yield keys;
        records++;
        p = end;
      } else if (leavesOut) p = scanner.value(p, 0);
      else return endsAt(p);
      if (sequence === 'single') break;
      p = scanner.space(p);
      if (scanner.byteAt(p) !== comma) return endsAt(p);
      p++;
    }
    return { isDone: true, unfinishedBytes: 0 };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    return endsAt(error.at);
  }
}

/** The keys of an object, and where it ends. */
function keysOf(bytes: Buffer, start: number, scanner: JsonScanner): { keys: Keys; end: number } {
  const keys = new Map<string, Uint8Array>();
  const end = scanner.members(start, 0, (key, value) => {
    const keyEnd = scanner.string(key);
    keys.set(String(JSON.parse(bytes.toString('utf8', key, keyEnd))), bytes.subarray(key, keyEnd));
    return scanner.value(value, 1);
  });
  return { keys, end };
}
