import { readdir, readFile } from 'node:fs/promises';
import * as zlib from 'node:zlib';

import type { Value } from '@x/formats';
import { MemorySource, rowsTold } from '@x/formats/contract-suite';
import { arrow, type ArrowReadOptions } from '@x/format-arrow';
import { expect, test } from 'vitest';

import { goldRows } from './gold.ts';

// From apache/arrow-testing, folder data/arrow-ipc-stream/integration: see fixtures/arrow-testing/README.md.
const root = new URL('fixtures/arrow-testing/', import.meta.url);
const hasZstd = 'zstdDecompressSync' in zlib;

async function rowsOf(path: URL, options?: ArrowReadOptions) {
  const reader = arrow().createReader(new MemorySource(await readFile(path)), options);
  const names = (await reader.schema()).columns.map(({ name }) => name);
  const rows: (readonly Value[])[] = [];
  for await (const batch of reader) rows.push(...batch.rows());
  return { names, rows };
}

const folders = (await readdir(root)).filter((name) => !/README|bigendian/.test(name));
const files = (
  await Promise.all(
    folders.map(async (folder) =>
      (await readdir(new URL(folder, root))).map((name) => new URL(`${folder}/${name}`, root)),
    ),
  )
)
  .flat()
  .filter(({ href }) => !href.endsWith('.gz'))
  .map((path) => ({ name: path.href.slice(root.href.length), path }));
const gold = ({ href }: URL) => goldRows(new URL(href.replace(/\.\w+$/, '.json.gz')));
const canBeRead = ({ name }: { name: string }): boolean => hasZstd || !name.includes('zstd');
/** An old union and what is called after it: two columns have each name. */
const hasTwins = ({ name }: { name: string }): boolean => /duplicate|0\.17\.1/.test(name);
const hasTwinMembers = ({ name }: { name: string }): boolean => name.includes('duplicate');

test.each(files.filter((file) => canBeRead(file) && !hasTwins(file)))(
  '$name has the rows that are written beside it',
  async ({ path }) => {
    const { names, rows } = await gold(path);
    const found = await rowsOf(path);
    expect(found.names).toEqual(names);
    expect(rowsTold(found.rows)).toEqual(rowsTold(rows));
    // However few rows a batch has, and from wherever they begin.
    const part = await rowsOf(path, { batchSize: 2, skip: 3 });
    expect(rowsTold(part.rows)).toEqual(rowsTold(rows.slice(3)));
  },
);

test.each(files.filter((file) => canBeRead(file) && !hasTwinMembers(file)))(
  '$name has each column, where the others are passed',
  async ({ path }) => {
    const { names, rows } = await gold(path);
    for (const name of new Set(names)) {
      const one = await rowsOf(path, { columns: [name], batchSize: 5 });
      const first = names.indexOf(name);
      expect(rowsTold(one.rows)).toEqual(rowsTold(rows.map((row) => [row[first]])));
    }
  },
);

test.each(files.filter(hasTwins))('$name has a name twice, which is refused', async ({ path }) => {
  await expect(rowsOf(path)).rejects.toMatchObject({ code: 'DUPLICATE_COLUMN', hint: expect.any(String) });
});

test.each(files.filter((file) => !canBeRead(file)))('$name needs a newer Node.js', async ({ path }) => {
  await expect(rowsOf(path)).rejects.toMatchObject({ code: 'UNAVAILABLE', hint: expect.any(String) });
});

test('numbers with their most significant byte first are refused', async () => {
  const path = new URL('1.0.0-bigendian/generated_datetime.stream', root);
  await expect(rowsOf(path)).rejects.toMatchObject({ code: 'UNSUPPORTED', hint: expect.any(String) });
});
