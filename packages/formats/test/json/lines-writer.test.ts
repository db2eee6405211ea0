import { csv, Decimal, jsonl, rowsBatch } from '@x/formats';
import { expect, test } from 'vitest';

import { chunked, MemorySink, rowsOf, schemaOf, written } from '../bytes.ts';

test('keys stay in the order of the columns, and undefined is left out', async () => {
  const batch = rowsBatch(
    schemaOf('b', '2024', '__proto__'),
    [
      [1, null, 'x'],
      [undefined, true, undefined],
    ],
    0,
  );
  expect(await written(jsonl(), [batch])).toBe('{"b":1,"2024":null,"__proto__":"x"}\n{"2024":true}\n');
});

test('every kind of value has its JSON', async () => {
  const row = [
    'a"\n\u0001é\ud83d',
    -0,
    12345678901234567890n,
    new Decimal('0.10'),
    new Date(0),
    Buffer.from('hi'),
    [undefined, { x: undefined, y: [new Decimal('1e400')] }],
  ];
  expect(await written(jsonl(), [rowsBatch(schemaOf(...'abcdefg'.split('')), [row], 0)])).toBe(
    String.raw`{"a":"a\"\n\u0001é\ud83d","b":-0,"c":12345678901234567890,"d":0.10,` +
      `"e":"1970-01-01T00:00:00.000Z","f":"aGk=","g":[null,{"y":[1e400]}]}\n`,
  );
});

test('NaN is refused with its place', async () => {
  const batch = rowsBatch(schemaOf('a', 'b'), [[1, Number.NaN]], 3);
  await expect(written(jsonl(), [batch])).rejects.toMatchObject({
    code: 'UNREPRESENTABLE',
    row: 4,
    field: 'b',
  });
});

test('what is written is read again', async () => {
  const text = '{"a":0.10,"b":{"c":[1,"x"]}}\n{"a":12345678901234567890}\n';
  const sink = new MemorySink();
  const writer = jsonl().createWriter(sink);
  for await (const batch of jsonl().createReader(chunked(text))) await writer.write(batch);
  await writer.finish();
  expect(sink.text).toBe(text);
});

test('CSV becomes JSON Lines and back, byte for byte', async () => {
  const text = 'id,"na""me"\n007,"a,b"\n1e5,\n';
  const lines = new MemorySink();
  const writer = jsonl().createWriter(lines);
  for await (const batch of csv().createReader(chunked(text))) await writer.write(batch);
  expect(lines.text).toBe(
    String.raw`{"id":"007","na\"me":"a,b"}` + '\n' + String.raw`{"id":"1e5","na\"me":""}` + '\n',
  );
  const back = new MemorySink();
  const backWriter = csv().createWriter(back);
  for await (const batch of jsonl().createReader(chunked(lines.text))) await backWriter.write(batch);
  expect(back.text).toBe(text);
  expect(await rowsOf(csv().createReader(chunked(back.text)))).toHaveLength(2);
});
