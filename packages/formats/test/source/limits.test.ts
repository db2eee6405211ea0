import { csv, Decimal, type FormatError, json, jsonl, rowObjects, rowsBatch, type Value } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { Arena } from '../../src/kernel/arena.ts';
import { chunked, rowsOf, schemaOf, through, written } from '../bytes.ts';

const mebibyte = 1024 * 1024;

/** A text between two others. */
async function* around(before: string, mebibytes: number, after: string) {
  yield Buffer.from(before);
  const chunk = Buffer.alloc(mebibyte, 'x');
  for (let i = 0; i < mebibytes; i++) yield chunk;
  yield Buffer.from(after);
}

describe('a record that is larger than the usual limit', () => {
  const long = 70;

  test.each([
    ['csv', csv(), jsonl(), 'a,b\n1,2\n3,', '\n5,6\n', '{"a":"1","b":"2"}\n'.repeat(3)],
    ['jsonl', jsonl(), csv(), '{"a":1,"b":2}\n{"a":3,"b":"4', '"}\n{"a":5,"b":6}', 'a,b\n1,2\n3,4\n5,6\n'],
    ['json', json(), jsonl(), '[{"a":"', '"},{"a":"2"}]', '{"a":""}\n{"a":"2"}\n'],
  ] as const)('%s: 70 MiB are read and written on request', async (_, from, to, before, after, short) => {
    let bytes = 0;
    const writer = to.createWriter({ write: (chunk) => void (bytes += chunk.length) });
    for await (const batch of from.createReader(around(before, long, after), { maxRecordBytes: 2e8 })) {
      await writer.write(batch);
    }
    await writer.finish();
    expect(bytes).toBe(long * mebibyte + short.length - (from.name === 'csv' ? 1 : 0));
  });

  test.each([
    ['csv', csv(), 'a,b\n1,2\n3,"', '"\n', 3, 8],
    ['jsonl', jsonl(), '{"a":1}\n{"a":2}\n{"a":"', '"}\n', 3, 16],
    ['json', json(), '[{"a":1},\n{"a":2},\n{"a":"', '"}\n]\n', 2, 18],
  ] as const)('%s: it is refused where it begins', async (_, format, before, after, line, byteOffset) => {
    const reading = rowsOf(format.createReader(around(before, 3, after), { maxRecordBytes: mebibyte }));
    await expect(reading).rejects.toMatchObject({
      code: 'LIMIT',
      line,
      byteOffset,
      hint: expect.stringContaining('maxRecordBytes'),
    });
  });
});

test('more memory than there can be is a typed error', async () => {
  await expect(new Arena().allocate(5e9)).rejects.toMatchObject({
    name: 'FormatError',
    code: 'LIMIT',
    hint: expect.stringContaining('scanLimit'),
  });
});

describe('a value that cannot be written out', () => {
  const loop: Value[] = [];
  loop.push(loop);
  let deep: Value = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];

  test.each([
    ['that contains itself', loop],
    ['of 100,000 levels', deep],
  ])('one %s is refused, or left out and told', async (_, value) => {
    const batch = rowsBatch(schemaOf('a'), [[1], [value], [2]], 0);
    for (const [format, expected] of [
      [csv(), 'a\n1\n2\n'],
      [jsonl(), '{"a":1}\n{"a":2}\n'],
    ] as const) {
      await expect(written(format, [batch])).rejects.toMatchObject({
        code: 'LIMIT',
        format: format.name,
        row: 2,
      });
      const told: number[] = [];
      const onBadRow = (error: FormatError, row: number) => void told.push(row, error.row!);
      expect(await written(format, [batch], { onBadRow })).toBe(expected);
      expect(told).toEqual([2, 2]);
    }
  });
});

test('numbers and texts of a megabyte take no quadratic time', async () => {
  const digits = `0.1${'0'.repeat(1_000_000)}1`;
  const formula = `+${'1'.repeat(1_000_000)}x`;
  const text = `a,b\n0.5,x\n${digits},${formula}\n`;
  const widen = { types: 'infer', scanLimit: 1, onTypeMismatch: 'widen' } as const;
  for (const options of [widen, { types: 'infer' } as const, { types: { a: 'decimal' } } as const]) {
    const reader = csv().createReader(chunked(text), options);
    expect(await through(reader, csv(), { guardFormulas: true })).toBe(text.replace('+', "'+"));
  }
  const lines = jsonl().createReader(chunked(`{"a":${digits}}\n`));
  for await (const batch of lines) expect([...rowObjects(batch)]).toEqual([{ a: new Decimal(digits) }]);
});

test('10,000 columns, a cell of 10 MB and a file of one row', async () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `c${i}`);
  const line = (cells: readonly string[]) => `${cells.join(',')}\n`;
  const wide = line(names) + line(names) + line(names.map((_, i) => `"${i}"`));
  for (const types of ['text', 'infer'] as const) {
    const rows = await rowsOf(csv().createReader(chunked(wide, 1000), { types }));
    expect(rows.map((row) => row.length)).toEqual([10_000, 10_000]);
    expect(rows[0]).toEqual(names);
  }
  const large = '"'.repeat(10_000_000);
  expect(await rowsOf(csv().createReader(chunked(`a\n"${large}"\n`)))).toEqual([['"'.repeat(5_000_000)]]);
  expect(await rowsOf(csv().createReader(chunked('a')))).toEqual([]);
  expect(await rowsOf(csv().createReader(chunked('a'), { header: false }))).toEqual([['a']]);
});
