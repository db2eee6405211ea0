import { open, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { writeFile } from '@x/atomic-fs';

import { FleetError } from '../fleet-error.ts';
import type { ByteRange } from '../split/record-ranges.ts';
import { pathsOf, rangeSize, type RunFolder } from './layout.ts';

/** One file of the plan. Its number is its place in the plan, from 0. */
export interface PlannedFile {
  readonly index: number;
  readonly source: string;
  readonly destination: string;
  /** The part of the source that is converted, and its header; undefined for the whole. */
  readonly part?: { readonly header: ByteRange; readonly range: ByteRange } | undefined;
  /** File for the rows that are skipped, if they are wanted. */
  readonly rejects?: string | undefined;
  /** State of the source when the plan was made; undefined where it was not there. */
  readonly fingerprint?: string | undefined;
}

/** Bytes of an entry of the index: an offset as a 64-bit number, lowest byte first. */
const entryBytes = 8;

/**
 * Writes the plan, a line a file, and where each range of it begins. Memory does not grow with it.
 * Destinations are written as seen from the folder of the outputs, which may get another name.
 */
export async function writePlan(run: RunFolder, files: Iterable<Omit<PlannedFile, 'index'>>): Promise<void> {
  const offsets: bigint[] = [];
  let offset = 0n;
  let index = 0;
  function* lines(): Generator<string> {
    for (const file of files) {
      if (index % rangeSize === 0) offsets.push(offset);
      const destination = relative(run.out, file.destination);
      const line = `${JSON.stringify({ index, ...file, destination })}\n`;
      offset += BigInt(Buffer.byteLength(line));
      index += 1;
      yield line;
    }
  }
  const { plan, planIndex } = pathsOf(run);
  await writeFile(plan, lines());
  const table = Buffer.alloc((offsets.length + 1) * entryBytes);
  for (const [i, start] of [...offsets, offset].entries()) table.writeBigUInt64LE(start, i * entryBytes);
  await writeFile(planIndex, table);
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

  /** How many ranges there are; each has {@link rangeSize} files, the last one perhaps fewer. */
  get ranges(): number {
    return this.#table.length / entryBytes - 1;
  }

  async range(number: number): Promise<PlannedFile[]> {
    const [start, end] = [number, number + 1].map((i) =>
      Number(this.#table.readBigUInt64LE(i * entryBytes)),
    ) as [number, number];
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
}
