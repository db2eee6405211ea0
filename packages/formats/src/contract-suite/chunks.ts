import { isDeepStrictEqual } from 'node:util';

import { expect, test } from 'vitest';

import { FormatError } from '../format-error.ts';
import type { ByteSource, CommonReadOptions } from '../contract.ts';
import { mangled, randomBelow } from './accidents.ts';
import { told } from './same-value.ts';
import { type FormatSubject, reading, written } from './subject.ts';
import { batchesOf, people } from './tables.ts';

/** Damaged files of each kind: few among the tests, as many as are asked for under `pnpm fuzz`. */
const seeds = Math.ceil(Number(process.env['X_FUZZ_RUNS'] ?? 100) / 5);
/** The first of them. */
const firstSeed = Number(process.env['X_FUZZ_SEED'] ?? 1);
const timeout = seeds > 100 ? 3_600_000 : 60_000;

/** What a chunk is overwritten with once its consumer has asked for the next one. */
const stale = 0x22;

/** A source whose chunks end at these places, each in the same buffer as the one before; two of one place are an empty chunk. */
async function* cutAt(bytes: Uint8Array, places: readonly number[]): ByteSource {
  const buffer = new Uint8Array(bytes.length);
  let start = 0;
  for (const end of [...places.toSorted((a, b) => a - b), bytes.length]) {
    const part = buffer.subarray(0, end - start);
    part.set(bytes.subarray(start, end));
    yield part;
    part.fill(stale);
    start = end;
  }
}

/**
 * For formats that read their source from its beginning to its end: where its chunks end changes nothing, neither rows
 * nor columns, nor what is wrong with a file, nor which rows cannot be read.
 */
export function chunkContract(subject: FormatSubject): void {
  const { format, oddFiles = [], badRows } = subject;
  const { schema } = people(0);

  /** All that a reader tells of a file. */
  const outcome = async (source: ByteSource, options: object, leavesOut: boolean): Promise<unknown> => {
    const rows: string[] = [];
    const leftOut: unknown[] = [];
    // The same row may be told of again.
    const inPart = new Set<string>();
    const all: CommonReadOptions = {
      ...options,
      ...(leavesOut && {
        onBadRow: (error, record) => leftOut.push([place(error), Buffer.from(record).toString('latin1')]),
        onPartialRow: (row, column) => inPart.add(`${row} ${column}`),
      }),
    };
    const reader = format.createReader(source, all);
    try {
      for await (const batch of reader) {
        const columns = batch.schema.columns.map(({ name, type }) => [name, type]);
        let row = batch.firstRow;
        for (const values of batch.rows()) {
          rows.push(`${row++}: ${JSON.stringify(columns)} ${values.map(told).join(', ')}`);
        }
      }
      return { rows, leftOut, inPart, schema: await reader.schema() };
    } catch (error) {
      return { rows, leftOut, inPart, error: place(error) };
    }
  };

  const variants: readonly [options: object, leavesOut: boolean][] = [
    [reading(subject, schema), false],
    [reading(subject, schema), true],
    [{ scanLimit: 2, limit: 6 }, false],
    [{ scanLimit: 2, types: 'infer', onTypeMismatch: 'widen' }, true],
  ];
  /** Where a way of cutting the file makes a difference. */
  const differences = async (
    bytes: Uint8Array,
    cuts: readonly (readonly number[])[],
    which = variants,
  ): Promise<unknown[]> => {
    const found: unknown[] = [];
    for (const [options, leavesOut] of which) {
      const whole = await outcome(cutAt(bytes, []), options, leavesOut);
      for (const places of cuts) {
        const cut = await outcome(cutAt(bytes, places), options, leavesOut);
        if (!isDeepStrictEqual(cut, whole)) found.push({ options, leavesOut, places, cut, whole });
      }
    }
    return found;
  };

  const odd = oddFiles.map((file) => Buffer.from(file));
  const files = [...odd, ...(badRows === undefined ? [] : [badRows.file])];

  test.each(odd.map((bytes) => [JSON.stringify(bytes.toString('latin1')), bytes] as const))(
    'cut at each place, with empty chunks, and at all places: %s',
    async (_, bytes) => {
      const places = [0, ...everyByte(bytes), bytes.length];
      const cuts = [...places.map((at) => [at]), ...places.map((at) => [at, at]), everyByte(bytes)];
      expect(await differences(bytes, cuts)).toEqual([]);
    },
  );

  test('files, whole and damaged, by single bytes and in random chunks', { timeout }, async () => {
    const small = [
      await written(subject, batchesOf(people(40), 15)),
      await written(subject, batchesOf(people(9), 5)),
    ];
    for (const bytes of [...small, ...files])
      expect(await differences(bytes, [everyByte(bytes)])).toEqual([]);
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      for (const [i, file] of [...small, ...files].entries()) {
        const below = randomBelow(seed);
        const damaged = mangled(file, seed);
        const bytes = below(4) === 0 ? damaged.subarray(0, below(damaged.length)) : damaged;
        const few = Array.from({ length: 1 + below(4) }, () => below(bytes.length + 1));
        const many = everyByte(bytes).filter(() => below(3) === 0);
        const found = await differences(bytes, [few, many], [variants[(seed + i) % variants.length]!]);
        const what = `seed ${seed}, file ${i}: ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`;
        expect({ what, found }).toEqual({ what, found: [] });
      }
    }
  });
}

function everyByte(bytes: Uint8Array): number[] {
  return Array.from(bytes.subarray(1), (_, i) => i + 1);
}

function place(error: unknown): unknown {
  if (!(error instanceof FormatError)) throw error;
  const { code, problem, line, column, byteOffset, row, field, hint } = error;
  return { code, problem, line, column, byteOffset, row, field, hint };
}
