// Prints as a table what DuckDB, Polars and hyparquet make of each type that is written here, and what is read of what
// DuckDB and Polars write of it. Run on the sources:
//
//   pnpm --filter @x/format-parquet interop

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { rowsBatch } from '@x/formats';
import { parquet } from '@x/format-parquet';
import { parquetReadObjects } from 'hyparquet';
import pl from 'nodejs-polars';

import { askDuckDb, rowsOf, type Told } from '../test/support/duckdb.ts';
import { columns, expected, rows } from '../test/support/table.ts';

const folder = await mkdtemp(join(tmpdir(), 'interop-'));

async function outcome(
  rowsFound: () => Promise<readonly unknown[]>,
  wanted: readonly unknown[],
): Promise<string> {
  try {
    const found = await rowsFound();
    const same = found.filter((row, i) => isDeepStrictEqual(row, wanted[i])).length;
    return same === wanted.length && found.length === same
      ? 'same'
      : `${same} of ${wanted.length} rows the same`;
  } catch (error) {
    return `refused: ${String(error).split('\n')[0]!.slice(0, 60)}`;
  }
}

async function ownFile(column: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const writer = parquet().createWriter({ write: (chunk) => void chunks.push(Uint8Array.from(chunk)) });
  const { name, type } = columns[column]!;
  const cells = rows.map((values) => [values[column]]);
  await writer.write(rowsBatch({ columns: [{ name, type }] }, cells, 0));
  await writer.finish();
  return Uint8Array.from(Buffer.concat(chunks));
}

console.log(
  '| type | DuckDB reads ours | ours reads DuckDB’s | Polars reads ours | ours reads Polars’ | hyparquet reads ours |',
);
console.log('| --- | --- | --- | --- | --- | --- |');
try {
  for (const [column, { name, type }] of columns.entries()) {
    const bytes = await ownFile(column);
    const path = join(folder, `${name}.parquet`);
    await writeFile(path, bytes);
    const wanted = expected.map((row): Record<string, Told> => ({ [name]: row[name]! }));
    const duckdb = await outcome(() => askDuckDb(`SELECT * FROM '${path}'`), wanted);
    await askDuckDb(`COPY (FROM '${path}') TO '${path}.duckdb.parquet' (FORMAT parquet)`);
    const fromDuckDb = await outcome(async () => rowsOf(await readFile(`${path}.duckdb.parquet`)), wanted);
    const frame = pl.readParquet(path);
    frame.writeParquet(`${path}.polars.parquet`);
    const fromPolars = await outcome(async () => rowsOf(await readFile(`${path}.polars.parquet`)), wanted);
    // Polars gives its values by way of the file that it writes, which DuckDB reads.
    const polars = await outcome(() => askDuckDb(`SELECT * FROM '${path}.polars.parquet'`), wanted);
    const { length } = await parquetReadObjects({ file: bytes.slice().buffer });
    const hyparquet = length === rows.length ? 'all rows' : `${length} rows`;
    const shown = 'unit' in type ? `${type.kind}, ${type.unit}` : type.kind;
    console.log(
      `| ${shown} (${name}) | ${duckdb} | ${fromDuckDb} | ${polars} | ${fromPolars} | ${hyparquet} |`,
    );
  }
} finally {
  await rm(folder, { recursive: true });
}
