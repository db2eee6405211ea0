import { Readable } from 'node:stream';

import { expect, test } from 'vitest';

import type { ByteSource } from '../contract.ts';
import { MemorySource } from './memory-source.ts';
import { rowsTold } from './same-value.ts';
import { failureOf, type FormatSubject, read, reading, written } from './subject.ts';
import { batchesOf, people } from './tables.ts';

function filesOf(subject: FormatSubject) {
  const small = people(40);
  const large = people(30_000);
  return {
    small,
    large,
    smallFile: written(subject, batchesOf(small, 15)),
    largeFile: written(subject, batchesOf(large, 10_000)),
  };
}

export function sourceContract(subject: FormatSubject): void {
  const { format } = subject;
  const { small, large, smallFile, largeFile } = filesOf(subject);

  test('the same rows however the bytes are cut into chunks', async () => {
    const bytes = await smallFile;
    for (const size of [1, 2, 3, 7, 64, bytes.length]) {
      const { rows } = await read(subject, new MemorySource(bytes, size), reading(subject, small.schema));
      expect(rowsTold(rows)).toEqual(rowsTold(small.rows));
    }
  });

  test.each(subject.readsAll === true ? [] : [4096])(
    'what the consumer does not ask for is not read, by chunks of %i',
    async (chunkSize) => {
      const bytes = await largeFile;
      const source = new MemorySource(bytes, chunkSize);
      const reader = format.createReader(source, reading(subject, large.schema, { batchSize: 10 }));
      for await (const _ of reader) break;
      expect(source.given).toBeLessThan(bytes.length);
    },
  );

  test('an error of the source comes through as it is', async () => {
    const bytes = await largeFile;
    const broken = new Error('the disk is gone');
    for (const good of [0, 1, Math.ceil(bytes.length / 4096) - 1]) {
      const whole = new MemorySource(bytes, 4096);
      const source = {
        size: bytes.length,
        async *[Symbol.asyncIterator]() {
          let chunks = 0;
          for await (const chunk of whole) {
            if (chunks++ === good) throw broken;
            yield chunk;
          }
        },
        readAt: async (position: number, length: number) => {
          if (whole.given > 0 && good > 0) throw broken;
          if (good === 0) throw broken;
          return whole.readAt(position, length);
        },
      };
      const reader = format.createReader(source, reading(subject, large.schema));
      const reads = async () => {
        for await (const _ of reader);
      };
      expect(await failureOf(reads())).toBe(broken);
    }
  });

  test('two readers at a time do not disturb each other', async () => {
    const files = [await smallFile, await largeFile];
    const tables = [small, large];
    const found = await Promise.all(
      [0, 1, 0, 1].map((i) =>
        read(subject, files[i]!, reading(subject, tables[i]!.schema, { batchSize: 100 })),
      ),
    );
    for (const [i, { rows }] of found.entries()) {
      expect(rowsTold(rows)).toEqual(rowsTold(tables[i % 2]!.rows));
    }
  });
}

/** For formats that read their source from its beginning to its end. */
export function streamContract(subject: FormatSubject): void {
  const { format } = subject;
  const { small, large, smallFile, largeFile } = filesOf(subject);

  test('empty chunks are nothing', async () => {
    const bytes = await smallFile;
    async function* source(): ByteSource {
      yield new Uint8Array(0);
      for (let p = 0; p < bytes.length; p += 10) {
        yield bytes.subarray(p, p + 10);
        yield new Uint8Array(0);
      }
    }
    const reader = format.createReader(source(), reading(subject, small.schema));
    let rows = 0;
    for await (const batch of reader) rows += batch.rowCount;
    expect(rows).toBe(small.rows.length);
  });

  test('leaving the loop ends the source', async () => {
    const bytes = await largeFile;
    for (const takes of [0, 1, 3]) {
      const source = new MemorySource(bytes, 4096);
      const reader = format.createReader(source, reading(subject, large.schema, { batchSize: 10 }));
      let taken = 0;
      for await (const _ of reader) if (++taken > takes) break;
      expect(source.isEnded).toBe(true);
      expect(subject.readsAll === true || source.given < bytes.length).toBe(true);
    }
  });

  test('an error ends the source', async () => {
    const bytes = await largeFile;
    const source = new MemorySource(bytes, 4096);
    const reader = format.createReader(source, reading(subject, large.schema, { columns: ['other'] }));
    const reads = async () => {
      for await (const _ of reader);
    };
    expect(await failureOf(reads())).toMatchObject({ code: 'NO_SUCH_COLUMN' });
    expect(source.isEnded).toBe(true);
    const another = new MemorySource(bytes, 4096);
    const unread = format.createReader(another, reading(subject, large.schema, { columns: ['other'] }));
    expect(await failureOf(unread.schema())).toMatchObject({ code: 'NO_SUCH_COLUMN' });
    expect(another.isEnded).toBe(true);
  });

  test('leaving before the first batch ends the source', async () => {
    const bytes = await largeFile;
    for (const asksForSchema of [false, true]) {
      const stream = Readable.from([bytes]);
      const reader = format.createReader(stream, reading(subject, large.schema));
      if (asksForSchema) await reader.schema();
      await reader[Symbol.asyncIterator]().return?.();
      expect(stream.destroyed).toBe(true);
    }
  });

  // Who reads all of it first has no source to end.
  test.skipIf(subject.readsAll)(
    'the end of a source may fail: that is told, but hides no other failure',
    async () => {
      const bytes = await largeFile;
      const stuck = new Error('it does not close');
      async function* source(): ByteSource {
        try {
          for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096);
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- as a source of anybody's may do
          throw stuck;
        }
      }
      const refused = { columns: ['other'] };
      const loop = firstOf(format.createReader(source(), reading(subject, large.schema, refused)));
      expect(await failureOf(loop)).toMatchObject({ code: 'NO_SUCH_COLUMN' });
      const schema = format.createReader(source(), reading(subject, large.schema, refused)).schema();
      expect(await failureOf(schema)).toMatchObject({ code: 'NO_SUCH_COLUMN' });
      expect(await failureOf(firstOf(format.createReader(source(), reading(subject, large.schema))))).toBe(
        stuck,
      );
    },
  );
}

async function firstOf(reader: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of reader) break;
}
