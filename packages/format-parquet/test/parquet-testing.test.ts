// Files that others have written, held against what DuckDB reads of them, and damaged ones. See fixtures/parquet-testing.
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';

import { expect, test } from 'vitest';

import { askDuckDb, rowsOf, type Told } from './support/duckdb.ts';

const folder = fileURLToPath(new URL('fixtures/parquet-testing/', import.meta.url));
const read = async (name: string) => rowsOf(await readFile(`${folder}${name}`));
const hasZstd = 'zstdDecompressSync' in zlib;
const needZstd = new Set([
  'bad/ARROW-GH-43605.parquet',
  'byte_stream_split.zstd.parquet',
  'delta_length_byte_array.parquet',
  'page_v2_empty_compressed.parquet',
]);

/** DuckDB does not read these, or not as they are meant; each has a test of its own. */
const others = new Set([
  'byte_stream_split_extended.gzip.parquet',
  'hadoop_lz4_compressed.parquet',
  'int96_from_spark.parquet',
  'map_no_value.parquet',
  'non_hadoop_lz4_compressed.parquet',
]);
const names = (await readdir(folder))
  .filter((name) => name.endsWith('.parquet') && !others.has(name))
  .concat('bad/ARROW-GH-43605.parquet')
  .filter((name) => hasZstd || !needZstd.has(name));

test.each(names)('%s is read as DuckDB reads it', async (name) => {
  const rows = await read(name);
  expect(rows).toEqual(await askDuckDb(`SELECT * FROM '${folder}${name}'`));
  expect(rows.length).toBeGreaterThan(0);
});

test('the two kinds of LZ4 that have the same name are read as the rows that LZ4_RAW has', async () => {
  const expected = await askDuckDb(`SELECT * FROM '${folder}lz4_raw_compressed.parquet'`);
  expect(await read('hadoop_lz4_compressed.parquet')).toEqual(expected);
  expect(await read('non_hadoop_lz4_compressed.parquet')).toEqual(expected);
});

test('BYTE_STREAM_SPLIT of each type is read as the same values in PLAIN, and these as DuckDB reads them', async () => {
  const name = 'byte_stream_split_extended.gzip.parquet';
  const rows = await read(name);
  const kinds = ['float16', 'float', 'double', 'int32', 'int64', 'flba5', 'decimal'];
  const plain = await askDuckDb(
    `SELECT ${kinds.map((kind) => `${kind}_plain`).join(', ')} FROM '${folder}${name}'`,
  );
  expect(rows).toHaveLength(200);
  for (const [i, row] of rows.entries()) {
    for (const kind of kinds) {
      const found = [kind, row[`${kind}_byte_stream_split`], row[`${kind}_plain`]];
      expect(found).toEqual([kind, plain[i]![`${kind}_plain`], plain[i]![`${kind}_plain`]]);
    }
  }
});

test('a map without values is the list of its keys', async () => {
  const rows = await read('map_no_value.parquet');
  expect(rows).toHaveLength(3);
  for (const { my_map: map, my_map_no_v: keys, my_list: list } of rows) {
    expect(keys).toEqual(list);
    expect(map).toEqual((list as Told[]).map((key) => ({ key, value: null })));
  }
});

test('a moment in INT96 that no Date holds is refused, not wrapped around', async () => {
  await expect(read('int96_from_spark.parquet')).rejects.toMatchObject({
    code: 'UNREPRESENTABLE',
    field: 'a',
  });
});

const bad: readonly (readonly [name: string, code: string, message: RegExp])[] = [
  ['ARROW-GH-45185.parquet', 'CORRUPT', /x\.list\.element/],
  ['ARROW-GH-47662.parquet', 'CORRUPT', /not in order \(byte \d+\)/],
  ['ARROW-RS-GH-6229-DICTHEADER.parquet', 'CORRUPT', /region_key/],
  ['ARROW-RS-GH-6229-LEVELS.parquet', 'CORRUPT', /more values than it \(byte \d+\)/],
  ['PARQUET-1481.parquet', 'CORRUPT', /no such type: -7/],
  ['rle-dict-uncompressed-corrupt-checksum.parquet', 'CORRUPT', /checksum .* \(byte \d+\)/],
  ['large_string_map.brotli.parquet', 'UNSUPPORTED', /a page of 1073741828 bytes/],
  ['encrypt_columns_plaintext_footer.parquet.encrypted', 'UNSUPPORTED', /float_field is encrypted/],
  ['uniform_encryption.parquet.encrypted', 'UNSUPPORTED', /encrypted/],
];

test.each(bad)('%s is refused: %s', async (name, code, message) => {
  await expect(read(`bad/${name}`)).rejects.toMatchObject({
    name: 'FormatError',
    code,
    message: expect.stringMatching(message) as string,
  });
});

test('every file that is there is tested', async () => {
  const tested = new Set([...bad.map(([name]) => name), 'ARROW-GH-43605.parquet']);
  expect((await readdir(`${folder}bad`)).filter((name) => !tested.has(name))).toEqual([]);
});
