import type { ColumnKernel } from './columns.ts';
import { simdModule } from './simd.generated.ts';
import { pageBytes, webAssembly, type WasmMemory } from './web-assembly.ts';

/** What the module in assembly/ exports; each function is documented there. */
export interface SimdKernel {
  tokenizeCsv(
    start: number,
    end: number,
    columns: number,
    delimiter: number,
    quote: number,
    pairs: number,
    kinds: number,
    room: number,
  ): number;
  tokenizeJson(
    start: number,
    end: number,
    mode: number,
    keys: number,
    columns: number,
    maxDepth: number,
    pairs: number,
    kinds: number,
    records: number,
    room: number,
  ): number;
  markTypes(
    pairs: number,
    kinds: number,
    from: number,
    to: number,
    types: number,
    columns: number,
    nulls: number,
    nullCount: number,
  ): void;
  writeJson(
    pairs: number,
    kinds: number,
    rows: number,
    stride: number,
    columns: number,
    width: number,
    quote: number,
    asItems: number,
    out: number,
    limit: number,
  ): void;
  writeRecords(records: number, rows: number, asItems: number, out: number, limit: number): void;
  useCsvStyle(
    delimiter: number,
    quote: number,
    quoteAll: number,
    crlf: number,
    nullAt: number,
    nullSize: number,
    quoteNullText: number,
  ): void;
  writeCsv(
    pairs: number,
    kinds: number,
    rows: number,
    stride: number,
    columns: number,
    width: number,
    sourceQuote: number,
    sourceDelimiter: number,
    out: number,
    limit: number,
  ): number;
  skipMoments(
    pairs: number,
    kinds: number,
    cell: number,
    to: number,
    stride: number,
    spelling: number,
  ): number;
  textCodes(): number;
  forgetTexts(): void;
  codeTexts(pairs: number, kinds: number, rows: number, stride: number): void;
  countLineFeeds(start: number, end: number): number;
  countCharacters(start: number, end: number): number;
  staticEnd(): number;
}

/** Why a kernel function stopped. */
export const Stop = { done: 0, irregular: 1, noRoom: 2, closed: 3 } as const;

/** How a day or a moment has to be spelled. assembly/moments.ts has the same. */
export const Spelling = { day: 0, moment: 1, milliseconds: 2 } as const;

/** Words of the memory in which a kernel function reports. assembly/report.ts has the same, in bytes. */
export const Report = { end: 0, rows: 1, lines: 2, start: 3, longWide: 4 } as const;

/** The bytes of memory that the kernels keep for themselves: two pages for this one, one for that of columns. */
export const kernelBytes = 3 * pageBytes;

/** How many texts it knows. */
export const knownTexts = 4096;

/** A kernel, and the memory that it works on. */
export interface KernelMemory {
  readonly kernel: SimdKernel;
  readonly memory: WasmMemory;
  /** Once somebody has needed it. */
  columns?: ColumnKernel;
}

let compiled: object | undefined;

/** Undefined where there is no WebAssembly, or none of the gigabytes of addresses that a memory reserves (`ulimit -v`). */
export function createKernel(): KernelMemory | undefined {
  if (webAssembly === undefined) return undefined;
  const { Instance, Module } = webAssembly;
  const memory = reserve(webAssembly);
  if (memory === undefined) return undefined;
  compiled ??= new Module(Buffer.from(simdModule, 'base64'));
  const { exports } = new Instance(compiled, { env: { memory } });
  return { memory, kernel: exports as SimdKernel };
}

function reserve({ Memory }: NonNullable<typeof webAssembly>): WasmMemory | undefined {
  try {
    return new Memory({ initial: kernelBytes / pageBytes, maximum: 65_536 });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
