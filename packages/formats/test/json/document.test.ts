import { json, type JsonReadOptions, jsonl, rowsBatch } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, columnsOf, MemorySink, rowsOf, schemaOf, through, written } from '../bytes.ts';

const read = (text: string | Uint8Array, options?: JsonReadOptions, chunkSize?: number) =>
  json().createReader(chunked(text, chunkSize), options);

describe('where the rows are', () => {
  test.each<[string, JsonReadOptions, unknown[][]]>([
    ['[{"a":1},{"a":2}]', {}, [[1], [2]]],
    [' \n[ {"a" : 1}\n,\t{"a":2} ]\r\n', {}, [[1], [2]]],
    ['[]', {}, []],
    [' [ \n ] ', {}, []],
    ['{"a":1,"b":[2]}', {}, [[1, [2]]]],
    ['{}', {}, [[]]],
    ['{"rows":[{"a":1}]}', { path: 'rows' }, [[1]]],
    [
      '{"x":{"rows":[9]},"data":{"n":[{"rows":[]}],"rows":[{"a":1},{"a":2}],"m":1},"y":[]}',
      { path: 'data.rows' },
      [[1], [2]],
    ],
    ['{"a.b":{"":[{"a":1}]}}', { path: ['a.b', ''] }, [[1]]],
    ['{"\\u0061":[{"a":1}]}', { path: 'a' }, [[1]]],
    ['{"rows":[],"more":1}', { path: 'rows' }, []],
    ['\ufeff[{"a":1}]', {}, [[1]]],
  ])('%j with %j', async (text, options, rows) => {
    for (let size = 1; size <= text.length; size += 1 + (size >> 2)) {
      expect(await rowsOf(read(text, options, size))).toEqual(rows);
    }
  });

  test('the last list that is read ends the columns that are known', async () => {
    const reader = read('[{"b":1},{"a":2,"b":3}]');
    expect(await columnsOf(reader)).toEqual(['b', 'a']);
    expect(await rowsOf(reader)).toEqual([
      [1, undefined],
      [3, 2],
    ]);
  });
});

describe('refused, with the place', () => {
  test.each<[string, JsonReadOptions, object]>([
    ['', {}, { code: 'INVALID_JSON' }],
    ['  \n', {}, { code: 'INVALID_JSON' }],
    ['5', {}, { code: 'NOT_A_LIST', hint: expect.stringContaining('path') }],
    ['[{"a":1},\n5]', {}, { code: 'NOT_AN_OBJECT', line: 2, column: 1, row: 2 }],
    ['[{"a":1},]', {}, { code: 'INVALID_JSON', column: 10 }],
    ['[{"a":1}\n{"a":2}]', {}, { code: 'INVALID_JSON', line: 2, column: 1 }],
    ['[{"a":1}', {}, { code: 'INVALID_JSON', column: 9 }],
    ['[{"a":1},', {}, { code: 'INVALID_JSON', problem: 'the list is not closed' }],
    ['[{"a":1}]x', {}, { code: 'INVALID_JSON', column: 10 }],
    ['[{"a":1}][]', {}, { code: 'INVALID_JSON', column: 10 }],
    ['{"a":1}{', {}, { code: 'INVALID_JSON', column: 8 }],
    ['{"rows":[]', { path: 'rows' }, { code: 'INVALID_JSON' }],
    ['{"rows":[],"x":[1,]}', { path: 'rows' }, { code: 'INVALID_JSON', column: 19 }],
    ['{"x":{"y":01},"rows":[]}', { path: 'rows' }, { code: 'INVALID_JSON', column: 12 }],
    ['{"rows":[],"rows":[{"a":1}]}', { path: 'rows' }, { code: 'DUPLICATE_KEY', column: 12 }],
    ['{"row":[]}', { path: 'rows' }, { code: 'NOT_A_LIST', problem: 'the document has nothing at rows' }],
    ['{"a":{"b":{}}}', { path: 'a.b' }, { code: 'NOT_A_LIST', problem: 'there is no list at a.b' }],
    ['[{"a":1}]', { path: 'rows' }, { code: 'NOT_A_LIST' }],
    ['{"x":[[[1]]],"rows":[]}', { path: 'rows', maxDepth: 3 }, { code: 'INVALID_JSON', column: 8 }],
  ])('%j with %j', async (text, options, place) => {
    for (const size of [1, 1000]) {
      await expect(rowsOf(read(text, options, size))).rejects.toMatchObject({ format: 'json', ...place });
    }
  });

  test('bytes that are not UTF-8, also where no row is', async () => {
    for (const text of ['{"x":"\xff","rows":[]}', '{"rows":[{"a":"\xff"}]}', '{"rows":[],"x":"\xff"}']) {
      await expect(rowsOf(read(Buffer.from(text, 'latin1'), { path: 'rows' }))).rejects.toMatchObject({
        code: 'INVALID_TEXT',
        byteOffset: text.indexOf('\xff'),
      });
    }
  });

  test.each([{ maxDepth: 0 }, { maxDepth: 1025 }, { onExtraKey: 'keep' as 'drop' }, { maxRecordBytes: 0 }])(
    '%j',
    (options) => {
      expect(() => read('', options)).toThrow(
        expect.objectContaining({
          code: 'BAD_OPTION',
          problem: expect.stringContaining(Object.keys(options)[0]!),
        }),
      );
    },
  );
});

describe('what is written', () => {
  test('is a list with a row a line', async () => {
    const batch = rowsBatch(
      schemaOf('a', 'b'),
      [
        [1, 'x'],
        [undefined, [2]],
      ],
      0,
    );
    expect(await written(json(), [batch, batch])).toBe(
      '[\n{"a":1,"b":"x"},\n{"b":[2]},\n{"a":1,"b":"x"},\n{"b":[2]}\n]\n',
    );
    expect(await written(json(), [])).toBe('[]\n');
    expect(await written(json(), [rowsBatch(schemaOf('a'), [], 0)])).toBe('[]\n');
  });

  test('keeps the spelling of what was read, on one line', async () => {
    const text = '[{"b": 1.50,\n "a":\t"\\u0041"},{ "a":1e5 }]';
    expect(await through(read(text), json())).toBe('[\n{"b":1.50,"a":"A"},\n{ "a":1e5 }\n]\n');
  });
});

describe('a document of any size', () => {
  const chunks = 100;
  const items = Array.from({ length: 20_000 }, (_, i) => `\n{"id":${i},"name":"a name of ${i}"}`);
  const rowCount = chunks * items.length;

  /** More bytes than may be held. */
  async function* document(before: string, after: string, count = chunks) {
    const chunk = Buffer.from(`,${items.join(',')}`);
    yield Buffer.from(before);
    for (let i = 0; i < count; i++) yield i === 0 ? chunk.subarray(1) : chunk;
    yield Buffer.from(after);
  }

  test('is read and written in little memory', async () => {
    const memoryBefore = process.memoryUsage.rss();
    let peak = 0;
    let bytes = 0;
    const writer = json().createWriter({ write: (chunk) => void (bytes += chunk.length) });
    let rows = 0;
    for await (const batch of json().createReader(document('{"meta":{},"rows":[', ']}'), { path: 'rows' })) {
      await writer.write(batch);
      rows += batch.rowCount;
      peak = Math.max(peak, process.memoryUsage.rss());
    }
    await writer.finish();
    expect(rows).toBe(rowCount);
    expect(bytes).toBeGreaterThan(70_000_000);
    expect((peak - memoryBefore) / 1024 / 1024).toBeLessThan(60);
  });

  test('has rows behind a list that is larger than any record may be', async () => {
    const source = document('{"other":[', '],"rows":[{"a":1}],"more":[[1,{"x":[]}],"y"]}', 10);
    const reader = json().createReader(source, { path: 'rows', maxRecordBytes: 1_000_000 });
    expect(await rowsOf(reader)).toEqual([[1]]);
  });
});

test('a list of JSON goes to JSON Lines and back with the same rows', async () => {
  const text = '[\n{"a":1,"b":{"c":0.10}},\n{"a":null}\n]\n';
  const lines = await through(read(text), jsonl());
  expect(lines).toBe('{"a":1,"b":{"c":0.10}}\n{"a":null}\n');
  const sink = new MemorySink();
  const writer = json().createWriter(sink);
  for await (const batch of jsonl().createReader(chunked(lines))) await writer.write(batch);
  await writer.finish();
  expect(sink.text).toBe(text);
});
