// What the peers that know no text format need of one: rows of CSV and JSON Lines, read and written as is usual.
import { readFileSync, writeFileSync } from 'node:fs';

import Papa from 'papaparse';
import { inferSchema, initParser } from 'udsv';

/** CSV as its columns, by the fastest parser there is for JavaScript. */
export function readCsv(path) {
  const text = readFileSync(path, 'utf8');
  const schema = inferSchema(text, { col: ',', row: '\n', encl: '"' });
  const numbers = new Set(['id', 'quantity', 'price']);
  const values = initParser(schema).stringCols(text);
  return schema.cols.map(({ name }, i) => {
    if (numbers.has(name)) return { name, data: values[i].map(Number) };
    if (name === 'active') return { name, data: values[i].map((value) => value === 'true') };
    return { name, data: values[i] };
  });
}

/** JSON Lines as its columns. */
export function readJsonLines(path) {
  const rows = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return Object.keys(rows[0]).map((name) => ({ name, data: rows.map((row) => row[name]) }));
}

export function writeRows(task, path, rows) {
  if (task === 'parquet-csv') writeFileSync(path, Papa.unparse(rows, { newline: '\n' }));
  else writeFileSync(path, rows.map((row) => `${JSON.stringify(row, numberOf)}\n`).join(''));
}

const numberOf = (_, value) => (typeof value === 'bigint' ? Number(value) : value);
