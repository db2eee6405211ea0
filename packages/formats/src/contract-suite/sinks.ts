import { describe, expect, test } from 'vitest';

import { rowsBatch } from '../batch/rows-batch.ts';
import type { Batch, Reader } from '../contract.ts';
import { csv } from '../csv/format.ts';
import { jsonl } from '../json/format.ts';
import { FailingSink, MemorySink, SlowSink } from './memory-sink.ts';
import { MemorySource } from './memory-source.ts';
import { failureOf, type FormatSubject, writeTo, written } from './subject.ts';
import { batchesOf, people } from './tables.ts';

const file = (text: string) => new MemorySource(Buffer.from(text));

export function sinkContract(subject: FormatSubject): void {
  const { format, writeOptions } = subject;
  const table = people(30_000);
  const batches = batchesOf(table, 7000);

  test('a slow sink is waited for, and has its chunk to itself', async () => {
    const sink = new SlowSink();
    await writeTo(sink, format, writeOptions, batches);
    expect(sink.breaches).toEqual([]);
    expect(Buffer.compare(sink.bytes, await written(subject, batches))).toBe(0);
  });

  test('an error of the sink comes through as it is, thrown or rejected', async () => {
    for (const atOnce of [true, false]) {
      for (const chunks of [0, 1]) {
        const sink = new FailingSink(chunks, atOnce);
        const error = await failureOf(writeTo(sink, format, writeOptions, batches));
        // It may be that all the bytes are one chunk.
        expect(error).toBe(sink.hasFailed ? sink.error : undefined);
        expect(sink.hasFailed || chunks > 0).toBe(true);
      }
    }
  });

  test('finish resolves only when the sink is done', async () => {
    const sink = new SlowSink();
    const writer = format.createWriter(sink, writeOptions);
    for (const batch of batches) await writer.write(batch);
    await writer.finish(table.schema);
    const { length } = sink.bytes;
    await new Promise((resolve) => setImmediate(resolve));
    expect(sink.bytes.length).toBe(length);
    expect(length).toBe((await written(subject, batches)).length);
  });

  describe('cells of text give the same bytes as their values', () => {
    const inLines = subject.values?.lineBreaks === 'refused' ? 'a b' : 'a\nb';
    const lines = Array.from(
      { length: 3000 },
      (_, i) => `${i},"say ""${i}""",${i % 3 === 0 ? '' : 'é\\'},"${inLines}",${i / 8}\n`,
    );
    const records = Array.from({ length: 3000 }, (_, i) => {
      const note = i % 3 === 0 ? '' : `"note":"\\u00e9 \\"${i}\\"",`;
      return `{"id":${i},${note}"big":1${i}00000000000001,"ok":${i % 2 === 0}}\n`;
    });
    const csvFile = `n,quoted,plain,lines,number\n${lines.join('')}`;

    test.each<[string, () => Reader]>([
      ['of CSV', () => csv().createReader(file(csvFile))],
      ['of CSV, with types', () => csv().createReader(file(csvFile), { types: 'infer' })],
      ['of JSON', () => jsonl().createReader(file(records.join('')), { types: 'infer' })],
    ])('%s', async (_, open) => {
      const write = async (seen: (batch: Batch) => Batch) => {
        const sink = new MemorySink();
        const writer = format.createWriter(sink, writeOptions);
        const reader = open();
        for await (const batch of reader) await writer.write(seen(batch));
        await writer.finish(await reader.schema());
        return sink.bytes;
      };
      const cells = await write((batch) => batch);
      const values = await write((batch) => rowsBatch(batch.schema, [...batch.rows()], batch.firstRow));
      expect(Buffer.compare(cells, values)).toBe(0);
    });
  });
}
