import { describe, expect, test } from 'vitest';

import type { Value } from '../contract.ts';
import { rowsBatch } from '../batch/rows-batch.ts';
import { FormatError } from '../format-error.ts';
import { rowsTold } from './same-value.ts';
import { awkwardNames, type SampleName, sampleNames, samples } from './samples.ts';
import {
  failureOf,
  type FormatSubject,
  namesOf,
  read,
  reading,
  refusal,
  type Table,
  written,
} from './subject.ts';
import { batchesOf, people, tableOf } from './tables.ts';

export function roundTripContract(subject: FormatSubject): void {
  const { format, values = {}, refusedNames = [], keepsColumnsOfNoRows } = subject;
  const fateOf = (name: SampleName, value: Value) => {
    const fate = values[name];
    if (fate === 'refused') return refusal;
    return fate !== undefined && value != null ? fate(value) : value;
  };
  const valuesOf = (name: SampleName, areRefused: boolean) =>
    samples[name].values.filter((value) => (fateOf(name, value) === refusal) === areRefused);
  const refused = sampleNames.filter((name) => valuesOf(name, true).length > 0);
  const held = sampleNames.filter((name) => valuesOf(name, false).length > 0);
  const again = async (table: Table) => {
    const bytes = await written(subject, batchesOf(table));
    return read(subject, bytes, reading(subject, table.schema));
  };

  test.each(refused)('%s are refused with their row and column', async (name) => {
    const { type } = samples[name];
    for (const value of valuesOf(name, true)) {
      const { schema, rows } = tableOf(
        [
          ['a', 'integer'],
          ['b', type],
        ],
        [
          [1, null],
          [2, value],
        ],
      );
      const error = await failureOf(written(subject, [rowsBatch(schema, rows, 10)], schema));
      expect(error).toBeInstanceOf(FormatError);
      expect(error).toMatchObject({ code: 'UNREPRESENTABLE', format: format.name, row: 12, field: 'b' });
    }
  });

  test.each(held)('%s come back, with nulls in between', async (name) => {
    const { type } = samples[name];
    const sample = valuesOf(name, false);
    const table = tableOf(
      [
        ['n', 'integer'],
        ['value', type],
      ],
      [null, ...sample, null, undefined, ...sample.slice(0, 1)].map((value, i) => [i, value]),
    );
    const expected = table.rows.map(([n, value]) => [n, fateOf(name, value) as Value]);
    const bytes = await written(subject, batchesOf(table));
    const { rows } = await read(subject, bytes, subject.readOptions?.(table.schema, name));
    expect(rowsTold(rows)).toEqual(rowsTold(expected));
  });

  test('columns of nothing but null', async () => {
    const types = held.map((name) => samples[name].type);
    const table = tableOf(
      [['n', 'integer'], ...types.map((type, i) => [`c${i}`, type] as const)],
      [1, 2, 3].map((n) => Array.from({ length: types.length + 1 }, (_, i) => (i === 0 ? n : null))),
    );
    const leavesOut = subject.leavesNullOut === true;
    const bytes = await written(subject, batchesOf(table));
    const { rows } = await read(subject, bytes, leavesOut ? {} : reading(subject, table.schema));
    expect(rowsTold(rows)).toEqual(rowsTold(leavesOut ? table.rows.map(([n]) => [n]) : table.rows));
  });

  test('names of columns keep their place and their values', async () => {
    const names = awkwardNames.filter((name, i) => {
      const isTaken = awkwardNames.slice(0, i).some((other) => other.toLowerCase() === name.toLowerCase());
      return !refusedNames.includes(name) && !(isTaken && subject.ignoresCase === true);
    });
    const table = tableOf(
      names.map((name) => [name, 'string']),
      ['x', 'y'].map((letter) => names.map((_, i) => `${letter}${i}`)),
    );
    const { schema, rows } = await again(table);
    expect(namesOf(schema)).toEqual(names);
    expect(rows).toEqual(table.rows);
  });

  test.each(refusedNames)('a column named %j is refused', async (name) => {
    const error = await failureOf(written(subject, batchesOf(tableOf([[name, 'string']], [['x']]))));
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toMatchObject({ code: 'UNREPRESENTABLE', field: name });
  });

  test('one row, one column, and many of both', async () => {
    const wide = Array.from({ length: 2000 }, (_, i) => [`column ${i}`, 'integer'] as const);
    for (const table of [
      tableOf([['a', 'integer']], [[7]]),
      tableOf([['a', 'string']], [['']]),
      tableOf([['a', 'string']], [[null], ['x'], [null]]),
      tableOf(
        wide,
        [1, 2].map((row) => wide.map((_, i) => row * i)),
      ),
      people(10_000),
    ]) {
      const { schema, rows } = await again(table);
      const expected = table.rows.map((row) => {
        return row.map((value) => (value === '' ? (fateOf('text', '') as Value) : value));
      });
      expect(namesOf(schema)).toEqual(namesOf(table.schema));
      expect(rowsTold(rows)).toEqual(rowsTold(expected));
    }
  });

  test('the same rows in batches of any size', async () => {
    const table = people(100);
    for (const size of [1, 3, 99]) {
      const bytes = await written(subject, batchesOf(table, size));
      const { rows } = await read(subject, bytes, reading(subject, table.schema));
      expect(rowsTold(rows)).toEqual(rowsTold(table.rows));
    }
  });

  test('the same bytes every time', async () => {
    const batches = batchesOf(people(1000), 300);
    const [first, second] = [await written(subject, batches), await written(subject, batches)];
    expect(Buffer.compare(first, second)).toBe(0);
  });

  test('rows without columns come back as so many, or are refused', async () => {
    const table = tableOf([], [[], [], []]);
    const outcome = await written(subject, batchesOf(table)).then(
      async (bytes) => (await read(subject, bytes)).rows.length,
      ({ code, format: name, row }: FormatError) => ({ code, name, row }),
    );
    expect([3, { code: 'UNREPRESENTABLE', name: format.name, row: 1 }]).toContainEqual(outcome);
  });

  describe('a table without rows', () => {
    const { schema } = people(0);
    const expected = keepsColumnsOfNoRows ? namesOf(schema) : [];

    test.each([
      ['said at the end', [], schema],
      ['in an empty batch', [rowsBatch(schema, [], 0)], undefined],
      ['in an empty batch and at the end', [rowsBatch(schema, [], 0)], schema],
    ])('%s', async (_, batches, finalSchema) => {
      const bytes = await written(subject, batches, finalSchema);
      const { schema: found, rows } = await read(subject, bytes, reading(subject, schema));
      expect(rows).toEqual([]);
      expect(namesOf(found)).toEqual(expected);
    });

    test('nor columns', async () => {
      for (const none of [undefined, { columns: [] }]) {
        const bytes = await written(subject, [], none);
        const { schema: found, rows } = await read(subject, bytes);
        expect([found.columns, rows]).toEqual([[], []]);
      }
    });
  });
}
