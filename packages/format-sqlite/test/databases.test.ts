import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Sqlite from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sqlite, type SqliteReadOptions, type SqliteWriteOptions } from '@x/format-sqlite';
import { Decimal, rowsBatch, type Schema, type Value } from '@x/formats';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

import { hasSqlite } from './available.ts';

function opened(path: string): Sqlite.DatabaseSync {
  const { DatabaseSync } = createRequire(import.meta.url)('node:sqlite') as typeof Sqlite;
  return new DatabaseSync(path);
}

/** Works with a database as SQLite itself has it. */
function inFolder<T>(work: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'x-format-sqlite-'));
  try {
    return work(join(folder, 'database'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function databaseOf(sql: string): Uint8Array {
  return inFolder((path) => {
    const database = opened(path);
    database.exec(sql);
    database.close();
    return readFileSync(path);
  });
}

async function readAll(bytes: Uint8Array, options?: SqliteReadOptions) {
  const reader = sqlite().createReader(new MemorySource(bytes), options);
  const rows: (readonly Value[])[] = [];
  for await (const batch of reader) rows.push(...batch.rows());
  const { columns } = await reader.schema();
  return { columns: columns.map(({ name, type }) => `${name} ${type.kind}`).join(', '), rows };
}

async function written(schema: Schema, rows: readonly Value[][], options?: SqliteWriteOptions) {
  const sink = new MemorySink();
  const writer = sqlite().createWriter(sink, options);
  await writer.write(rowsBatch(schema, rows, 0));
  await writer.finish();
  return sink.bytes;
}

const orders = `
  CREATE TABLE orders (id INTEGER PRIMARY KEY, name TEXT, paid BOOLEAN, day DATE, at DATETIME, extra JSON, raw);
  INSERT INTO orders VALUES
    (9007199254740993, 'Ada', 1, '2024-02-29', '2024-02-29 12:30:05.123456', '{"a":[1]}', x'00ff'),
    (2, NULL, 0, NULL, NULL, '"x"', 1.5);
  CREATE TABLE "two ""words""" (k TEXT PRIMARY KEY, twice TEXT GENERATED ALWAYS AS (k || k)) WITHOUT ROWID;
  INSERT INTO "two ""words""" VALUES ('b'), ('a');
  CREATE VIEW names AS SELECT name FROM orders WHERE name IS NOT NULL;
`;

const available = hasSqlite ? [true] : [];

test('a database is read, or what is needed for it is said', async () => {
  const outcome = await readAll(Buffer.alloc(500)).catch((error: { code: string }) => error.code);
  expect(outcome).toBe(hasSqlite ? 'CORRUPT' : 'UNAVAILABLE');
});

describe.each(available)('where Node.js has SQLite', () => {
  test('a table, with what its columns are declared as', async () => {
    const { columns, rows } = await readAll(databaseOf(orders), { table: 'orders' });
    expect(columns).toBe('id any, name any, paid boolean, day date, at timestamp, extra json, raw any');
    expect(rows).toEqual([
      [2, null, false, null, null, 'x', 1.5],
      [
        9007199254740993n,
        'Ada',
        true,
        new Date('2024-02-29T00:00:00Z'),
        expect.objectContaining({ nanoseconds: 456_000 }),
        { a: [1] },
        Uint8Array.of(0, 255),
      ],
    ]);
  });

  test('a view, a table without row numbers, and a query', async () => {
    const bytes = databaseOf(orders);
    expect((await readAll(bytes, { table: 'names' })).rows).toEqual([['Ada']]);
    expect((await readAll(bytes, { table: 'two "words"' })).rows).toEqual([
      ['a', 'aa'],
      ['b', 'bb'],
    ]);
    const query = 'SELECT count(*) AS n, max(id) AS most FROM orders';
    expect(await readAll(bytes, { query })).toEqual({
      columns: 'n any, most any',
      rows: [[2, 9007199254740993n]],
    });
  });

  test('what is asked for has to be there', async () => {
    const bytes = databaseOf(orders);
    const hint = 'say with table which to read: "orders", "two \\"words\\"", "names"';
    await expect(readAll(bytes)).rejects.toMatchObject({ code: 'BAD_OPTION', hint });
    await expect(readAll(bytes, { table: 'other' })).rejects.toMatchObject({ code: 'BAD_OPTION', hint });
    await expect(readAll(bytes, { query: 'SELECT other' })).rejects.toMatchObject({ code: 'BAD_OPTION' });
    await expect(readAll(bytes, { table: 'names', declaredTypes: 'no' as never })).rejects.toMatchObject({
      problem: 'declaredTypes is "no"',
    });
    await expect(readAll(bytes, { query: 'SELECT 1 AS a, 2 AS a' })).rejects.toMatchObject({
      code: 'DUPLICATE_COLUMN',
      field: 'a',
    });
    expect(() => sqlite().createReader(new MemorySource(bytes), { table: 'a', query: 'b' })).toThrow(
      'both table and query',
    );
  });

  test('a query cannot change anything', async () => {
    await expect(
      readAll(databaseOf(orders), { query: 'DELETE FROM orders RETURNING id' }),
    ).rejects.toMatchObject({
      name: 'FormatError',
    });
  });

  test('a value that its declaration does not tell is refused, or read as it is', async () => {
    const bytes = databaseOf(
      `CREATE TABLE t (day DATE, n INTEGER); INSERT INTO t VALUES ('2024-01-01', 1), ('soon', 'x')`,
    );
    await expect(readAll(bytes)).rejects.toMatchObject({ code: 'TYPE_MISMATCH', row: 2, field: 'day' });
    expect((await readAll(bytes, { declaredTypes: false })).rows).toEqual([
      ['2024-01-01', 1],
      ['soon', 'x'],
    ]);
  });

  test('what is written is a table of SQLite', async () => {
    const schema: Schema = {
      columns: [
        { name: 'id', type: { kind: 'integer' } },
        { name: 'price', type: { kind: 'decimal', precision: 30, scale: 20 } },
        { name: 'it"s', type: { kind: 'boolean' } },
        { name: 'day', type: { kind: 'date' } },
        { name: 'list', type: { kind: 'list', item: { kind: 'integer' } } },
      ],
    };
    const bytes = await written(
      schema,
      [[2n ** 60n, new Decimal('0.12345678901234567890'), true, new Date('2024-02-29T00:00:00Z'), [1, null]]],
      { table: 'my "orders"' },
    );
    const found = inFolder((path) => {
      writeFileSync(path, bytes);
      const database = opened(path);
      const statement = database.prepare('SELECT *, typeof(id) AS t FROM "my ""orders"""');
      statement.setReadBigInts(true);
      const rows = statement.all();
      const check = database.prepare('PRAGMA integrity_check').get();
      database.close();
      return { rows, check };
    });
    expect(found.check).toEqual({ integrity_check: 'ok' });
    expect(found.rows).toEqual([
      {
        id: 2n ** 60n,
        price: '0.12345678901234567890',
        'it"s': 1n,
        day: '2024-02-29',
        list: '[1,null]',
        t: 'integer',
      },
    ]);
  });

  test('names that are one to SQLite are refused', async () => {
    const schema: Schema = { columns: ['a', 'A'].map((name) => ({ name, type: { kind: 'string' } })) };
    await expect(written(schema, [['x', 'y']])).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      field: 'A',
    });
  });

  test('nothing is left behind, also by those who give up', async () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('x-sqlite-'));
    const before = left();
    const reader = sqlite().createReader(new MemorySource(databaseOf(orders)), {
      table: 'orders',
      batchSize: 1,
    });
    for await (const _ of reader) break;
    const schema: Schema = { columns: [{ name: 'a', type: { kind: 'string' } }] };
    await sqlite()
      .createWriter({ write: () => undefined })
      .write(rowsBatch(schema, [['x']], 0));
    await expect(readAll(Buffer.alloc(500))).rejects.toMatchObject({ code: 'CORRUPT' });
    // Other tests, in other processes, come and go.
    expect(left().filter((name) => !before.includes(name)).length).toBeLessThan(3);
  });
});
