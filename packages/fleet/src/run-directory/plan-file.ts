import { open, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { writeFile } from '@x/atomic-fs';

import { FleetError } from '../fleet-error.ts';
import type { FilePart } from '../split/convert-part.ts';
import { folderFiles, pathsOf, type RunFolder } from './layout.ts';

/** One file of the plan. Its number is its place in the plan, from 0. */
export interface PlannedFile {
  readonly index: number;
  readonly source: string;
  readonly destination: string;
  /** The part of the source that is converted; undefined for the whole. */
  readonly part?: FilePart | undefined;
  /** File for the rows that are skipped, if they are wanted. */
  readonly rejects?: string | undefined;
  /** State of the source when the plan was made; undefined where it was not there. */
  readonly fingerprint?: string | undefined;
}

/** A file before it has a place in the plan. */
export type NewFile = Omit<PlannedFile, 'index'>;

/**
 * How many files a range may have. Each divides the next, so that ranges can be put together, and the last
 * those that share a folder.
 */
const rangeSizes = [1, 5, 25, folderFiles];

/** Ranges that are enough for any number of workers: with more, there are more files in each. */
const enoughRanges = 256;

/** Bytes of an entry of the index: a 64-bit number, lowest byte first. */
const entryBytes = 8;
/** Entries before the offsets: how many files a range has, and the plan. */
const headEntries = 2;

/**
 * Writes the plan, a line a file, and where each range of it begins. A range is handed out as a whole, so
 * few files make small ranges, and many make few entries of a queue.
 * Destinations are written as seen from the folder of the outputs, which may get another name.
 *
 * @returns How many files it has.
 */
export async function writePlan(
  run: RunFolder,
  files: Iterable<NewFile> | AsyncIterable<NewFile>,
): Promise<number> {
  const sizes = [...rangeSizes];
  let filesARange = sizes.shift()!;
  let offsets: bigint[] = [];
  let offset = 0n;
  let index = 0;
  async function* lines(): AsyncGenerator<string, void> {
    for await (const file of files) {
      if (offsets.length === enoughRanges && sizes.length > 0 && index % filesARange === 0) {
        const size = sizes.shift()!;
        const together = size / filesARange;
        offsets = offsets.filter((_, i) => i % together === 0);
        filesARange = size;
      }
      if (index % filesARange === 0) offsets.push(offset);
      const destination = relative(run.out, file.destination);
      const line = `${JSON.stringify({ index, ...file, destination })}\n`;
      offset += BigInt(Buffer.byteLength(line));
      index += 1;
      yield line;
    }
  }
  const { plan, planIndex } = pathsOf(run);
  await writeFile(plan, lines());
  const entries = [BigInt(filesARange), BigInt(index), ...offsets, offset];
  const table = Buffer.alloc(entries.length * entryBytes);
  for (const [i, entry] of entries.entries()) table.writeBigUInt64LE(entry, i * entryBytes);
  await writeFile(planIndex, table);
  return index;
}

/** The plan of a run, a range at a time. */
export class Plan {
  readonly #path: string;
  readonly #out: string;
  readonly #table: Buffer;

  private constructor(path: string, out: string, table: Buffer) {
    this.#path = path;
    this.#out = out;
    this.#table = table;
  }

  /** @throws {FleetError} `BAD_RUN` where there is no whole plan. */
  static async open(run: RunFolder): Promise<Plan> {
    const { plan, planIndex } = pathsOf(run);
    const table = await readFile(planIndex).catch((cause: unknown) => {
      throw new FleetError('BAD_RUN', 'the run has no plan that can be read', { path: run.path, cause });
    });
    return new Plan(plan, run.out, table);
  }

  /** How many files each range has; the last one perhaps fewer. */
  get filesARange(): number {
    return this.#entry(0);
  }

  get ranges(): number {
    return this.#table.length / entryBytes - headEntries - 1;
  }

  /** The numbers of a range's files: from the first, up to but without the second. */
  indexesOf(range: number): readonly [number, number] {
    const first = range * this.filesARange;
    return [first, Math.min(first + this.filesARange, this.#entry(1))];
  }

  async range(number: number): Promise<PlannedFile[]> {
    const start = this.#entry(headEntries + number);
    const end = this.#entry(headEntries + number + 1);
    const bytes = Buffer.alloc(end - start);
    const file = await open(this.#path);
    try {
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at);
        if (bytesRead === 0) throw new FleetError('BAD_RUN', 'the plan is cut off', { path: this.#path });
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
    const lines = bytes.toString().trimEnd().split('\n');
    return lines.map((line) => {
      const { destination, ...planned } = JSON.parse(line) as PlannedFile;
      return Object.assign(planned, { destination: join(this.#out, destination) });
    });
  }

  async *files(): AsyncGenerator<PlannedFile, void> {
    for (let range = 0; range < this.ranges; range += 1) yield* await this.range(range);
  }

  #entry(i: number): number {
    return Number(this.#table.readBigUInt64LE(i * entryBytes));
  }
}
