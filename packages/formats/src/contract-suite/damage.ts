import { isDeepStrictEqual } from 'node:util';

import { expect, test } from 'vitest';

import { FormatError } from '../format-error.ts';
import { mangled } from './accidents.ts';
import { rowsTold } from './same-value.ts';
import { failureOf, type FormatSubject, read, reading, written } from './subject.ts';
import { batchesOf, people } from './tables.ts';

export function damageContract(subject: FormatSubject): void {
  const { cut, format } = subject;
  const table = people(9);
  const file = written(subject, batchesOf(table, 5));
  const options = reading(subject, table.schema);
  const whole = rowsTold(table.rows);

  /** The rows, or what went wrong. */
  const outcome = async (bytes: Uint8Array): Promise<string[][] | Error> => {
    let rows: string[][] = [];
    const error = await failureOf(
      read(subject, bytes, options).then((found) => (rows = rowsTold(found.rows))),
    );
    if (error === undefined) return rows;
    return error instanceof Error
      ? error
      : new Error('no error, but something else is thrown', { cause: error });
  };
  /** What is wrong with an error: an error of a format says what, and in which format. */
  const faultOf = (error: Error): string[] => {
    if (!(error instanceof FormatError)) return [`${error.stack}`];
    return error.format === format.name && error.problem.length > 5 ? [] : [`says little: ${error.message}`];
  };
  /** Whether a file that has been cut off may have these rows. */
  const mayBe = (rows: string[][]): boolean => {
    // It may be that the last bytes say nothing.
    if (cut === 'refused') return isDeepStrictEqual(rows, whole);
    const sure = Math.max(0, cut === 'last row' ? rows.length - 1 : rows.length);
    return isDeepStrictEqual(rows.slice(0, sure), whole.slice(0, sure));
  };

  test(`a file that is cut off: ${cut}`, async () => {
    const bytes = await file;
    const surprises: string[] = [];
    for (let length = 0; length < bytes.length; length += stepOf(bytes)) {
      const found = await outcome(bytes.subarray(0, length));
      const faults = found instanceof Error ? faultOf(found) : [];
      const rows = found instanceof Error || mayBe(found) ? [] : [`rows: ${JSON.stringify(found)}`];
      surprises.push(...[...faults, ...rows].map((what) => `${length} of ${bytes.length} bytes: ${what}`));
    }
    expect(surprises).toEqual([]);
  });

  test('a damaged byte is a typed error, or another value', async () => {
    const bytes = await file;
    const surprises: string[] = [];
    for (let at = 0; at < bytes.length; at += stepOf(bytes)) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = Uint8Array.from(bytes);
        damaged[at]! ^= flip;
        const found = await outcome(damaged);
        if (found instanceof Error)
          surprises.push(...faultOf(found).map((what) => `byte ${at} ^ ${flip}: ${what}`));
      }
    }
    expect(surprises).toEqual([]);
  });

  test('a file of which parts are changed, lost, doubled or put in is a typed error, or has other rows', async () => {
    const bytes = await file;
    const surprises: string[] = [];
    for (let seed = 1; seed <= 300; seed++) {
      const found = await outcome(mangled(bytes, seed));
      if (found instanceof Error) surprises.push(...faultOf(found).map((what) => `seed ${seed}: ${what}`));
    }
    expect(surprises).toEqual([]);
  });

  test('bytes of something else are a typed error, or text', async () => {
    const surprises: string[] = [];
    for (const other of [
      Buffer.from('id,name\n1,Ada\n'),
      Buffer.from('[{"id":1}]'),
      Buffer.alloc(3000),
      Buffer.alloc(3000, 0xff),
      Buffer.from('PAR1'),
      Uint8Array.from({ length: 3000 }, (_, i) => (i * 7919) % 251),
    ]) {
      const found = await outcome(other);
      if (found instanceof Error) surprises.push(...faultOf(found));
    }
    expect(surprises).toEqual([]);
  });
}

/** Every byte of a small file; of a large one as many as a test has the time for. */
function stepOf(bytes: Uint8Array): number {
  return Math.ceil(bytes.length / 3000);
}
