import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { csv, rowObjects } from '@x/formats';
import { expect, test } from 'vitest';

import { chunked } from '../bytes.ts';

// https://github.com/maxogden/csv-spectrum: files that CSV parsers should agree on.
const folder = dirname(createRequire(import.meta.url).resolve('csv-spectrum'));

// What it expects of this one is another telephone number than its file has.
const files = readdirSync(join(folder, 'csvs')).filter((file) => file !== 'location_coordinates.csv');

test.each(files)('%s', async (file) => {
  const bytes = readFileSync(join(folder, 'csvs', file));
  const expected = JSON.parse(readFileSync(join(folder, 'json', file.replace('.csv', '.json')), 'utf8'));
  for (const size of [1, 3, 1000]) {
    const rows = [];
    for await (const batch of csv().createReader(chunked(bytes, size))) rows.push(...rowObjects(batch));
    expect(rows).toEqual(expected);
  }
});
