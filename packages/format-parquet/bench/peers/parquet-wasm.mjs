// parquet-wasm.mjs TASK IN OUT: by way of tables of Apache Arrow, as its documentation has it.
import { readFileSync, writeFileSync } from 'node:fs';

import { Table as ArrowTable, tableFromIPC, tableToIPC, vectorFromArray } from 'apache-arrow';
import { readParquet, Table, writeParquet } from 'parquet-wasm';

import { readCsv, readJsonLines, writeRows } from './rows.mjs';

const [task, input, output] = process.argv.slice(2);
if (task.startsWith('parquet-')) {
  const table = tableFromIPC(readParquet(readFileSync(input)).intoIPCStream());
  writeRows(
    task,
    output,
    Array.from(table, (row) => row.toJSON()),
  );
} else {
  const columns = task === 'csv-parquet' ? readCsv(input) : readJsonLines(input);
  const vectors = Object.fromEntries(columns.map(({ name, data }) => [name, vectorFromArray(data)]));
  const table = Table.fromIPCStream(tableToIPC(new ArrowTable(vectors), 'stream'));
  writeFileSync(output, writeParquet(table));
}
