import { Decimal, json, jsonl, type JsonReadOptions } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, columnsOf, rowsOf, through } from '../bytes.ts';

const read = (text: string | Uint8Array, options?: JsonReadOptions, chunkSize?: number) =>
  jsonl().createReader(chunked(text, chunkSize), options);

test('objects become rows; a key that a record lacks is undefined', async () => {
  const reader = read('{"a":1,"b":"x"}\n{"c":null,"a":2}\n');
  expect(await columnsOf(reader)).toEqual(['a', 'b', 'c']);
  expect(await rowsOf(reader)).toEqual([
    [1, 'x', undefined],
    [2, undefined, null],
  ]);
});

test('blank lines, CRLF, a byte order mark and no newline at the end', async () => {
  const text = '\ufeff{"a":1}\r\n\r\n  \n{"a":"é😀"}';
  for (let size = 1; size <= Buffer.byteLength(text); size++) {
    expect(await rowsOf(read(text, undefined, size))).toEqual([[1], ['é😀']]);
  }
});

test('numbers keep what a double would lose', async () => {
  const [row] = await rowsOf(
    read('{"a":9007199254740991,"b":9007199254740993,"c":0.10,"d":1e400,"e":-0,"f":1.5}\n'),
  );
  expect(row).toEqual([
    9007199254740991,
    9007199254740993n,
    new Decimal('0.10'),
    new Decimal('1e400'),
    -0,
    1.5,
  ]);
});

test('a number of a million digits is kept, and takes no arithmetic', async () => {
  const digits = '9'.repeat(1_000_000);
  const text = `{"a":${digits}}\n{"a":-${digits}}\n`;
  expect(await rowsOf(read(text))).toEqual([[new Decimal(digits)], [new Decimal(`-${digits}`)]]);
  expect(await rowsOf(read(`{"a":${digits.slice(0, 5000)}}`))).toEqual([[BigInt(digits.slice(0, 5000))]]);
  expect(await through(read(text, { types: 'infer' }), jsonl())).toBe(text);
});

test('nested values, and names that objects treat specially', async () => {
  const reader = read('{"2024":[1,{"__proto__":{"x":[]}}],"__proto__":"p","a":"\\u0041\\n"}');
  expect(await columnsOf(reader)).toEqual(['2024', '__proto__', 'a']);
  const [row] = await rowsOf(reader);
  expect(JSON.stringify(row)).toBe('[[1,{"__proto__":{"x":[]}}],"p","A\\n"]');
});

describe('refused, with the place', () => {
  test.each([
    ['{"a":1}\n{"a":é}\n', { code: 'INVALID_JSON', line: 2, column: 6, byteOffset: 13, row: 2 }],
    ['{"a":1}\n{"a":"é",}\n', { code: 'INVALID_JSON', line: 2, column: 10, byteOffset: 18, row: 2 }],
    ['{"a":1} {"a":2}\n', { code: 'INVALID_JSON', line: 1, column: 9 }],
    ['{"a":\n1}\n', { code: 'INVALID_JSON', line: 1, column: 6 }],
    ['{"a":01}\n', { code: 'INVALID_JSON', line: 1, column: 7 }],
    ['{"a":1,"a":2}\n', { code: 'DUPLICATE_KEY', line: 1, column: 8, field: 'a' }],
    ['{"a":"\t"}\n', { code: 'INVALID_JSON', line: 1, column: 7 }],
    ['\n\n[1]\n', { code: 'NOT_AN_OBJECT', line: 3, column: 1, byteOffset: 2, row: 1 }],
  ])('%j', async (text, place) => {
    await expect(rowsOf(read(text))).rejects.toMatchObject({ format: 'jsonl', ...place });
  });

  test('by lines that line feeds end: a carriage return is space, wherever it stands', async () => {
    const bad = '{"a":\r1}\r\n\r{"a":2}\r\n{"a":\rx}\n';
    await expect(rowsOf(read(bad))).rejects.toMatchObject({ line: 3, column: 7 });
    await expect(rowsOf(read(`{"a":1}\r${bad}`))).rejects.toMatchObject({ line: 1, column: 9 });
    const list = json().createReader(chunked('[{"a":1},\r\n\r{"a":2},\r{"a":x}]'));
    await expect(rowsOf(list)).rejects.toMatchObject({ line: 2, column: 16 });
  });

  test('with an excerpt of what is there', async () => {
    await expect(rowsOf(read('{"a":1}\n{"a":tru,"b":"something longer than that"}\n'))).rejects.toMatchObject(
      {
        message: 'true expected, found ",\\"b\\":\\"something long"… (line 2, column 9)',
      },
    );
    await expect(rowsOf(read('{"a":1'))).rejects.toMatchObject({
      message: 'a comma or a closing brace expected, but it ends (line 1, column 7)',
    });
  });

  test('a nested object with a key twice, when its value is asked for', async () => {
    const text = '{"a":1}\n{"a":{"x":1,"x":2}}\n';
    await expect(rowsOf(read(text))).rejects.toMatchObject({ code: 'DUPLICATE_KEY', line: 2, column: 6 });
    expect(await through(read(text), jsonl())).toBe(text);
  });

  test('a key that no row before had, on request', async () => {
    const text = `${'{"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}\n'.repeat(10_000)}{"a":1,"late":2}\n`;
    await expect(rowsOf(read(text, { onExtraKey: 'error' }))).rejects.toMatchObject({
      code: 'EXTRA_KEY',
      line: 10_001,
      column: 8,
      row: 10_001,
      field: 'late',
    });
  });

  test('bytes that are not UTF-8', async () => {
    await expect(rowsOf(read(Buffer.from('{"a":"x"}\n{"a":"\xe9"}', 'latin1')))).rejects.toMatchObject({
      code: 'INVALID_TEXT',
      line: 2,
      column: 7,
      byteOffset: 16,
    });
  });

  test('more levels than the limit', async () => {
    const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    await expect(rowsOf(read(nested(256)))).resolves.toHaveLength(1);
    await expect(rowsOf(read(nested(257)))).rejects.toMatchObject({ code: 'INVALID_JSON', column: 261 });
    await expect(rowsOf(read(nested(3), { maxDepth: 2 }))).rejects.toMatchObject({ code: 'INVALID_JSON' });
    await expect(rowsOf(read(`{"a":${'['.repeat(100_000)}`))).rejects.toMatchObject({ code: 'INVALID_JSON' });
  });
});

test('columns and types are those of the first rows, also where some cannot be read', async () => {
  const text = 'no record\n{"a":1}\n[1]\n{"a":2,"b":"x"}\n{"c":tru}\n{"a":3,"b":"2024-02-29"}\n';
  for (const file of [text, text.replaceAll('\n', '\r\n')]) {
    const bad: unknown[] = [];
    const reader = read(file, { onBadRow: ({ row }) => bad.push(row) });
    expect(await columnsOf(reader)).toEqual(['a', 'b']);
    expect(await rowsOf(reader)).toEqual([
      [1, undefined],
      [2, 'x'],
      [3, '2024-02-29'],
    ]);
    expect(bad).toEqual([1, 3, 5]);
  }
  const list = json().createReader(chunked('[1, {"a":1}, [2], {"b":2}]'), { onBadRow: () => {} });
  expect(await columnsOf(list)).toEqual(['a', 'b']);
  // Enough columns that there is room for fewer rows at once.
  const wide = Array.from({ length: 200 }, (_, i) => `"c${i}":1`).join();
  const rows = Array.from({ length: 600 }, (_, i) => `{"x":${i < 500 ? i : '"text"'},${wide}}\n`);
  const inferred = read(rows.join(''), { types: 'infer' });
  expect((await inferred.schema()).columns[0]!.type).toEqual({ kind: 'any' });
  expect(await rowsOf(inferred)).toHaveLength(600);
});
