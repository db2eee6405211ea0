import { describe, expect, test } from 'vitest';

import { FormatError } from '../format-error.ts';
import { rowsTold } from './same-value.ts';
import { all, failureOf, type FormatSubject, namesOf, read, reading, written } from './subject.ts';
import { MemorySource } from './memory-source.ts';
import { batchesOf, people } from './tables.ts';

export function choiceContract(subject: FormatSubject): void {
  const { format, badRows } = subject;
  const table = people(60);
  const bytes = written(subject, batchesOf(table, 25));
  const chosen = async (options: object) =>
    read(subject, await bytes, reading(subject, table.schema, options));

  test('skip and limit', async () => {
    for (const [skip, limit] of [
      [0, 60],
      [1, 1],
      [24, 3],
      [25, 25],
      [59, 9],
      [60, 1],
      [1000, 1],
      [5, 0],
      [0, Infinity],
    ] as const) {
      const { rows, batches } = await chosen({ skip, limit });
      expect(rowsTold(rows)).toEqual(rowsTold(table.rows.slice(skip, skip + limit)));
      expect(batches.map(({ firstRow }) => firstRow).slice(0, 1)).toEqual(rows.length > 0 ? [skip] : []);
    }
  });

  test('batches of at most so many rows, which know their place', async () => {
    for (const batchSize of [1, 7, 60, Infinity]) {
      const { rows, batches } = await chosen({ batchSize, skip: 2 });
      expect(rowsTold(rows)).toEqual(rowsTold(table.rows.slice(2)));
      let next = 2;
      for (const { firstRow, rowCount } of batches) {
        expect(firstRow).toBe(next);
        expect(rowCount).toBeLessThanOrEqual(batchSize);
        next += rowCount;
      }
    }
  });

  test('columns by name, in the order in which they are asked for', async () => {
    for (const columns of [['score'], ['isNew', 'id'], ['name', 'score', 'id', 'isNew']]) {
      const options = reading(subject, { columns: table.schema.columns }, { columns });
      const { schema, rows } = await read(subject, await bytes, options);
      const numbers = columns.map((name) => namesOf(table.schema).indexOf(name));
      expect(namesOf(schema)).toEqual(columns);
      expect(rowsTold(rows)).toEqual(rowsTold(table.rows.map((row) => numbers.map((i) => row[i]))));
    }
  });

  test('the schema is known before the rows, and they have it', async () => {
    const reader = format.createReader(new MemorySource(await bytes), reading(subject, table.schema));
    expect(namesOf(await reader.schema())).toEqual(namesOf(table.schema));
    const { schema, rows } = await all(reader);
    expect(namesOf(schema)).toEqual(namesOf(table.schema));
    expect(rowsTold(rows)).toEqual(rowsTold(table.rows));
  });

  test('a batch can be seen as rows more than once', async () => {
    const reader = format.createReader(new MemorySource(await bytes), reading(subject, table.schema));
    for await (const batch of reader) {
      const first = rowsTold([...batch.rows()]);
      expect(first).toHaveLength(batch.rowCount);
      expect(rowsTold([...batch.rows()])).toEqual(first);
    }
  });

  test('a reader that has been iterated says so when it is again', async () => {
    const reader = format.createReader(new MemorySource(await bytes), reading(subject, table.schema));
    await all(reader);
    expect(await failureOf(all(reader))).toBeInstanceOf(TypeError);
  });

  describe('what cannot be is refused', () => {
    test('a column that is not there, and one twice', async () => {
      for (const [columns, code] of [
        [['id', 'other'], 'NO_SUCH_COLUMN'],
        [['id', 'id'], 'BAD_OPTION'],
      ] as const) {
        const error = await failureOf(chosen({ columns }));
        expect(error).toBeInstanceOf(FormatError);
        expect(error).toMatchObject({ code, format: format.name, field: columns[1] });
      }
    });

    test.each([{ skip: -1 }, { skip: 1.5 }, { limit: -1 }, { limit: Number.NaN }, { batchSize: 0 }])(
      '%j, when the reader is made',
      (options) => {
        const make = () => format.createReader(new MemorySource(new Uint8Array(0)), options);
        expect(make).toThrow(FormatError);
        expect(make).toThrow(
          expect.objectContaining({
            code: 'BAD_OPTION',
            problem: expect.stringContaining(Object.keys(options)[0]!),
          }),
        );
      },
    );
  });

  const filesWithBadRows = badRows === undefined ? [] : [badRows];
  test.each(filesWithBadRows)(
    'rows that cannot be read are left out and told',
    async ({ file, good, bad }) => {
      const told: unknown[] = [];
      const onBadRow = (error: unknown, record: Uint8Array) => {
        expect(error).toBeInstanceOf(FormatError);
        expect(record).toBeInstanceOf(Uint8Array);
        told.push((error as FormatError).row);
      };
      const { rows } = await read(subject, file, { onBadRow });
      expect(rowsTold(rows)).toEqual(rowsTold(good));
      expect(told).toEqual(bad);
      expect(await failureOf(read(subject, file))).toMatchObject({ row: bad[0] });
    },
  );
}
