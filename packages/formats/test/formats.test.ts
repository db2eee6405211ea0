import { byName, detectFormat, formats, jsonl } from '@x/formats';
import { expect, test } from 'vitest';

test('every format is found by its name and by each of its extensions', () => {
  expect(formats.map((format) => format.name)).toEqual(['csv', 'tsv', 'psv', 'ssv', 'jsonl', 'json']);
  for (const format of formats) {
    expect(byName(format.name)).toBe(format);
    for (const extension of format.extensions) expect(detectFormat(`dir/FILE${extension}`)).toBe(format.name);
  }
  expect(byName('parquet')).toBeUndefined();
  expect(detectFormat('file.parquet')).toBeUndefined();
});

test('formats of other packages are found where they are given', () => {
  const other = { ...jsonl(), name: 'other', extensions: ['.other'], magic: Buffer.from('OTH') };
  const among = [...formats, other];
  expect(byName('other', among)).toBe(other);
  expect(detectFormat('a.OTHER', among)).toBe('other');
  expect(detectFormat(Buffer.from('OTHER'), among)).toBe('other');
  expect(detectFormat(Buffer.from('OT'), among)).toBeUndefined();
});
