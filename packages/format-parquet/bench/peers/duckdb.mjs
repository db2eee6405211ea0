// duckdb.mjs TASK IN OUT: its COPY. Codes stay text, as they do here; other types it finds out itself.
import { DuckDBInstance } from '@duckdb/node-api';

const [task, input, output] = process.argv.slice(2);

const csv = `read_csv('${input}', header = true, types = {'code': 'VARCHAR'})`;
const json = `read_json('${input}', format = 'newline_delimited')`;

const tasks = {
  'csv-parquet': `COPY (FROM ${csv}) TO '${output}' (FORMAT parquet)`,
  'jsonl-parquet': `COPY (FROM ${json}) TO '${output}' (FORMAT parquet)`,
  'parquet-csv': `COPY (FROM '${input}') TO '${output}' (FORMAT csv)`,
  'parquet-jsonl': `COPY (FROM '${input}') TO '${output}' (FORMAT json)`,
};

const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
await connection.run(tasks[task]);
