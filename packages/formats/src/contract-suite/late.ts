import { expect, test } from 'vitest';

import { rowsBatch } from '../batch/rows-batch.ts';
import type { DataType, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { rowsTold, told } from './same-value.ts';
import { sampleNames, samples } from './samples.ts';
import { failureOf, type FormatSubject, read, reading, written } from './subject.ts';
import { tableOf } from './tables.ts';

/** Values that are not of the type of their column. */
const wrong: readonly (readonly [DataType['kind'], string | number | bigint | boolean | Date])[] = [
  ['integer', 'x'],
  ['integer', 1.5],
  ['integer', 2n ** 63n],
  ['integer', true],
  ['boolean', 'yes'],
  ['boolean', 1],
  ['float64', 'x'],
  ['float64', 2n ** 53n + 1n],
  ['string', 5],
  ['string', true],
  ['date', 'soon'],
  ['date', new Date(1)],
];

export function lateContract(subject: FormatSubject): void {
  const first = tableOf([['a', 'integer']], [[1], [2]]);
  const late = tableOf(
    [
      ['a', 'integer'],
      ['b', 'string'],
    ],
    [
      [3, undefined],
      [4, 'x'],
    ],
  );
  const batches = [rowsBatch(first.schema, first.rows, 0), rowsBatch(late.schema, late.rows, 2)];

  test(`a column that comes late, and has a value, is ${subject.lateColumns}`, async () => {
    let bytes: Uint8Array = new Uint8Array(0);
    const error = await failureOf(written(subject, batches, late.schema).then((all) => (bytes = all)));
    const options = reading(subject, late.schema);
    const rows = error === undefined ? rowsTold((await read(subject, bytes, options)).rows) : [];
    const kept = rowsTold([[1, null], [2, null], ...late.rows]);
    const refusal = { name: 'FormatError', code: 'EXTRA_KEY', row: 4, field: 'b', hint: expect.any(String) };
    expect({ rows, ...(error as object) }).toMatchObject(
      subject.lateColumns === 'kept' ? { rows: kept } : { rows: [], ...refusal },
    );
  });

  test('a column that a later batch lacks is null there', async () => {
    const bytes = await written(subject, [
      rowsBatch(late.schema, late.rows, 0),
      rowsBatch(first.schema, first.rows, 2),
    ]);
    const { rows } = await read(subject, bytes, reading(subject, late.schema));
    expect(rowsTold(rows)).toEqual(rowsTold([...late.rows, [1, null], [2, null]]));
  });

  test('columns in another order go where they belong', async () => {
    const turned = tableOf(
      [
        ['b', 'string'],
        ['a', 'integer'],
      ],
      [['y', 5]],
    );
    const bytes = await written(subject, [
      rowsBatch(late.schema, late.rows, 0),
      rowsBatch(turned.schema, turned.rows, 2),
    ]);
    const { rows } = await read(subject, bytes, reading(subject, late.schema));
    expect(rowsTold(rows)).toEqual(rowsTold([...late.rows, [5, 'y']]));
  });

  test.each(wrong)('in a column of %s, a value that is none is kept or refused: %o', async (kind, value) => {
    const { schema, rows } = tableOf([['a', kind]], [[null], [value]]);
    let bytes: Uint8Array = new Uint8Array(0);
    const error = await failureOf(
      written(subject, [rowsBatch(schema, rows, 0)]).then((all) => (bytes = all)),
    );
    const found = error === undefined ? (await read(subject, bytes)).rows[1]! : [error];
    // As text, if the format has nothing else: what it was can still be told.
    const spelled = value instanceof Date ? value.toISOString() : String(value);
    expect([told(value), told(spelled), 'refused']).toContain(
      found[0] instanceof FormatError && found[0].row === 2 && found[0].field === 'a'
        ? 'refused'
        : told(found[0] as Value),
    );
  });

  const refused = sampleNames.filter((name) => subject.values?.[name] === 'refused').slice(0, 1);
  test.each(refused)('a row that cannot be written (%s) is left out and told', async (name) => {
    const { type, values } = samples[name];
    const { schema, rows } = tableOf(
      [
        ['a', 'integer'],
        ['b', type],
      ],
      [
        [1, null],
        [2, values[0]],
        [3, null],
      ],
    );
    const reports: unknown[] = [];
    const onBadRow = (error: unknown, row: number, cells?: readonly Value[]) =>
      void reports.push([error instanceof FormatError, row, cells === rows[1] || cells]);
    const bytes = await written(subject, [rowsBatch(schema, rows, 10)], schema, { onBadRow });
    const hasNull = subject.leavesNullOut !== true;
    const found = await read(subject, bytes, hasNull ? reading(subject, schema) : {});
    const others = hasNull ? ['null'] : [];
    expect(rowsTold(found.rows)).toEqual([
      ['1', ...others],
      ['3', ...others],
    ]);
    expect(reports).toEqual([[true, 12, true]]);
  });
}
