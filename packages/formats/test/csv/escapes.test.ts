import { csv, type CsvReadOptions } from '@x/formats';
import { expect, test } from 'vitest';

import { chunked, columnsOf, rowsOf } from '../bytes.ts';

const read = (text: string, options: CsvReadOptions, chunkSize?: number) =>
  csv().createReader(chunked(text, chunkSize), { escape: '\\', ...options });

test('escapes in the first record, with a header and without', async () => {
  const text = 'a\\,b,"c\\"d"\n1\\\\,é\\é\n';
  expect(await columnsOf(read(text, {}))).toEqual(['a,b', 'c"d']);
  expect(await rowsOf(read(text, {}))).toEqual([['1\\', 'éé']]);
  expect(await rowsOf(read(text, { header: false }))).toEqual([
    ['a,b', 'c"d'],
    ['1\\', 'éé'],
  ]);
});

test('escapes in rows that are looked at again when more is read', async () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => `x\\,${i},"é\\"${i}\\\\"`);
  const text = `a,b\n${lines.join('\n')}\n`;
  for (const scanLimit of [1, 30_000]) {
    let next = 0;
    for (const row of await rowsOf(read(text, { types: 'infer', scanLimit }, 50_000))) {
      expect(row).toEqual([`x,${next}`, `é"${next}\\`]);
      next++;
    }
    expect(next).toBe(30_000);
  }
});

test('escapes of characters of several bytes', async () => {
  expect(await rowsOf(read('a,b,c\n\\é,\\\\,x\n\\😀,é\\é,y\n', {}))).toEqual([
    ['é', '\\', 'x'],
    ['😀', 'éé', 'y'],
  ]);
});

test('a row that is left out is told as it is in the source', async () => {
  const told: string[] = [];
  const onBadRow = (_: unknown, record: Uint8Array) => void told.push(Buffer.from(record).toString());
  const rows = await rowsOf(read('a,b\n1,\\2\nx\\,y\n"\\"",3,4\n5,6\n', { onBadRow }));
  expect(rows).toEqual([
    ['1', '2'],
    ['5', '6'],
  ]);
  expect(told).toEqual(['x\\,y\n', '"\\"",3,4\n']);
});
