// duckdb.mjs IN OUT: all cells as text, as we take them.
import { DuckDBInstance } from '@duckdb/node-api';

const [, , input, output] = process.argv;
const compression = { gz: ', COMPRESSION gzip', zst: ', COMPRESSION zstd' }[output.split('.').at(-1)] ?? '';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const read = `read_csv('${input}', all_varchar = true, header = true, delim = ',', quote = '"', escape = '"')`;
await connection.run(`COPY (FROM ${read}) TO '${output}' (FORMAT json${compression})`);
