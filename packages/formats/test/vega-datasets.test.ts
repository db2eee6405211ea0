import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { csv, json, jsonl, rowObjects, tsv, type Reader, type Value } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { told } from '../src/contract-suite/same-value.ts';
import { chunked, MemorySink, through } from './bytes.ts';
import { modelRecords } from './csv/model.ts';

// https://github.com/vega/vega-datasets: files as people have them.
const folder = fileURLToPath(new URL('../node_modules/vega-datasets/data', import.meta.url));
const files = readdirSync(folder);

const delimited = files.filter((file) => /\.[ct]sv$/.test(file));
const documents = files.filter((file) => file.endsWith('.json'));

async function objectsOf(reader: Reader): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const batch of reader) rows.push(...rowObjects(batch));
  return rows;
}

test('the files are there', () => {
  expect(delimited.length).toBeGreaterThan(20);
  expect(documents.length).toBeGreaterThan(40);
});

describe.each(delimited)('%s', (file) => {
  const bytes = readFileSync(join(folder, file));
  const format = file.endsWith('.tsv') ? tsv() : csv();
  const delimiter = file.endsWith('.tsv') ? '\t' : ',';
  const read = (options = {}) => format.createReader(chunked(bytes, 100_000), options);
  const [header, ...records] = modelRecords(bytes.toString().replace(/^\ufeff/, ''), {
    delimiter,
    quote: '"',
  })!;
  const expected = records.map((record) => Object.fromEntries(record.map((cell, i) => [header![i]!, cell])));

  test('is read as an independent program reads it', async () => {
    expect(await objectsOf(read())).toEqual(expected);
  });

  test('has the same rows when it has been written as CSV, and the same bytes the second time', async () => {
    const once = await through(read(), csv());
    expect(await objectsOf(csv().createReader(chunked(once, 77_777)))).toEqual(expected);
    expect(await through(csv().createReader(chunked(once)), csv())).toBe(once);
  });

  test('has the same rows as JSON', async () => {
    const lines = await through(read(), jsonl());
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(expected);
    expect(JSON.parse(await through(read(), json()))).toEqual(expected);
    expect(await through(jsonl().createReader(chunked(lines)), csv())).toBe(await through(read(), csv()));
  });

  test('loses no digit to types', async () => {
    const typed = await through(read({ types: 'infer', scanLimit: Infinity }), csv());
    expect(await objectsOf(csv().createReader(chunked(typed)))).toEqual(expected);
  });
});

describe.each(documents)('%s', (file) => {
  const bytes = readFileSync(join(folder, file));
  const document: unknown = JSON.parse(bytes.toString());
  const rows = Array.isArray(document) ? (document as unknown[]) : [document];
  const hasRows = rows.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));
  const read = () => json().createReader(chunked(bytes, 100_000), { maxDepth: 1000 });

  test.each(hasRows ? ['is read as JSON.parse reads it'] : [])('%s', async () => {
    const found = await objectsOf(read());
    expect(found.length).toBe(rows.length);
    expect(found.findIndex((row, i) => told(row as Value) !== told(rows[i] as Value))).toBe(-1);
  });

  test.each(hasRows ? ['has the same rows when it has been written'] : [])('%s', async () => {
    expect(JSON.parse(await through(read(), json()))).toEqual(rows);
    const lines = new MemorySink();
    const writer = jsonl().createWriter(lines);
    for await (const batch of read()) await writer.write(batch);
    await writer.finish();
    expect(
      lines.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(rows);
  });

  test.each(hasRows ? [] : ['is refused, for its rows are no objects'])('%s', async () => {
    await expect(objectsOf(read())).rejects.toMatchObject({ code: /NOT_AN_OBJECT|NOT_A_LIST/ });
  });
});
