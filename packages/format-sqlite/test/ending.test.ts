import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { sqlite } from '@x/format-sqlite';
import { type ByteSource, rowsBatch, type Schema } from '@x/formats';
import { MemorySink } from '@x/formats/contract-suite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { hasSqlite } from './available.ts';

const schema: Schema = { columns: [{ name: 'a', type: { kind: 'string' } }] };
const batch = rowsBatch(schema, [['x'], ['y']], 0);
const stuck = new Error('it does not close');

async function database(): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = sqlite().createWriter(sink);
  await writer.write(batch);
  await writer.finish();
  return sink.bytes;
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

async function loop(source: ByteSource): Promise<void> {
  for await (const _ of sqlite().createReader(source, { batchSize: 1 })) break;
}

/** What fails when it is ended. */
async function* unclosable(bytes: Uint8Array): ByteSource {
  try {
    yield bytes;
    yield bytes;
  } finally {
    // oxlint-disable-next-line no-unsafe-finally -- as a source of anybody's may do
    throw stuck;
  }
}

describe.skipIf(!hasSqlite || process.platform === 'win32')('no file is left, on the disk or open', () => {
  const before = process.env['TMPDIR'];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'x-ending-'));
    process.env['TMPDIR'] = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Files in the folder, and descriptors of those that were in it, as Linux tells them. */
  function left(): string[] {
    const descriptors = process.platform === 'linux' ? readdirSync('/proc/self/fd') : [];
    const open = descriptors.flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        // The descriptor that has read the folder is gone.
        return [];
      }
    });
    return [...readdirSync(folder), ...open.filter((path) => path.startsWith(folder))];
  }

  test('by a reader that is left, or was asked for its schema only', async () => {
    await loop(Readable.from([await database()]));
    expect(left()).toEqual([]);
    const reader = sqlite().createReader(Readable.from([await database()]));
    await reader.schema();
    await reader[Symbol.asyncIterator]().return?.();
    expect(left()).toEqual([]);
  });

  test('by one whose source is none, and fails when it is ended', async () => {
    expect(await failureOf(loop(unclosable(Buffer.alloc(500))))).toMatchObject({ code: 'CORRUPT' });
    expect(left()).toEqual([]);
  });

  test('by one that has nowhere to put its file, and its source is ended', async () => {
    const source = Readable.from([await database()]);
    process.env['TMPDIR'] = join(folder, 'missing');
    expect(await failureOf(loop(source))).toMatchObject({ code: 'ENOENT' });
    expect(source.destroyed).toBe(true);
    expect(left()).toEqual([]);
  });

  test('by a writer that is discarded, whether it has begun or failed', async () => {
    const columns = Array.from(
      { length: 2001 },
      (_, i) => ({ name: `c${i}`, type: { kind: 'string' } }) as const,
    );
    const wide = rowsBatch({ columns }, [columns.map(({ name }) => name)], 0);
    const begun = sqlite().createWriter(new MemorySink());
    await begun.write(batch);
    const failed = sqlite().createWriter(new MemorySink());
    await expect(failed.write(wide)).rejects.toMatchObject({ code: 'UNREPRESENTABLE' });
    for (const writer of [begun, failed, failed]) writer.discard?.();
    expect(left()).toEqual([]);
  });

  test('by a writer whose sink fails', async () => {
    const writer = sqlite().createWriter({ write: () => Promise.reject(stuck) });
    await writer.write(batch);
    expect(await failureOf(writer.finish())).toBe(stuck);
    expect(left()).toEqual([]);
  });
});
