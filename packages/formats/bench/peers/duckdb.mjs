// duckdb.mjs TASK IN OUT
import { DuckDBInstance } from '@duckdb/node-api';

const [task, input, output] = process.argv.slice(2);

// The longest line that it takes by default is too short for nothing here; the quote it finds out, and is told.
const strings = `read_csv('${input}', all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')`;
const types = `read_csv('${input}', header = true, delim = ',', quote = '"', escape = '"')`;

const tasks = {
  'csv-jsonl': `COPY (FROM ${strings}) TO '${output}' (FORMAT json)`,
  'csv-jsonl-types': `COPY (FROM ${types}) TO '${output}' (FORMAT json)`,
  'jsonl-csv': `COPY (FROM read_json('${input}', format = 'newline_delimited')) TO '${output}' (FORMAT csv)`,
  'csv-psv': `COPY (FROM ${strings}) TO '${output}' (FORMAT csv, DELIMITER '|')`,
};

const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(tasks[task]);
