import { readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { convert, type ConversionJob } from '@x/convert';
import { detachRun, type Engine, joinRun } from '@x/fleet';
import { expect, test, vi } from 'vitest';

import { convertPart } from '../src/split/convert-part.ts';
import { recordRanges } from '../src/split/record-ranges.ts';
import { scratchFolder } from './scratch.ts';

/** Files of a folder that this process has open, as Linux tells them. */
function openIn(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      // The descriptor that has read the folder is gone.
      return [];
    }
  });
}

const isLinux = process.platform === 'linux';

test.skipIf(!isLinux)(
  'of the rejects of a part nothing stays open where they cannot be published',
  async () => {
    const folder = scratchFolder();
    const source = join(folder, 'a.csv');
    writeFileSync(source, 'a\n1\n');
    const { header, ranges } = await recordRanges(source, 1000, {
      delimited: { delimiter: 0x2c, quote: 0x22 },
      hasHeader: true,
    });
    // More than is read at once.
    const torn = {
      convert: async (job: ConversionJob) => {
        writeFileSync(job.rejects!, '{"row":\n'.repeat(100_000));
        return convert(source, []);
      },
    };
    const job = { source, destination: join(folder, 'part.jsonl'), rejects: join(folder, 'rejects.jsonl') };
    const part = convertPart(job, { header, range: ranges[0]! }, torn, undefined);
    await expect(part).rejects.toBeInstanceOf(SyntaxError);
    await vi.waitFor(() => expect(openIn(folder)).toEqual([]));
  },
);

test('no queue is left joined where the run cannot be read', async () => {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'a.csv'), 'a\n1\n');
  const run = await detachRun(join(folder, 'a.csv'), join(folder, 'out'), { to: 'jsonl' });
  const [joined, left] = [vi.fn<() => void>(), vi.fn<() => Promise<void>>(() => Promise.resolve())];
  const engine: Engine = {
    name: 'joined',
    isShared: true,
    owns: () => true,
    join: () => {
      joined();
      const [put, take] = [() => Promise.resolve(), () => Promise.resolve(undefined)];
      return Promise.resolve({ put, take, close: left });
    },
  };
  // What tells that it has ended is not to be looked at.
  symlinkSync('finished', join(run.path, 'finished'));
  const work = await joinRun(join(folder, 'out'), { engine, concurrency: 1 });
  await expect(work.done()).rejects.toMatchObject({ code: 'ELOOP' });
  expect(left).toHaveBeenCalledTimes(joined.mock.calls.length);
});

test('an input that cannot be looked at fails the planning, and nothing behind its back', async () => {
  const folder = scratchFolder();
  const sources = Array.from({ length: 2000 }, (_, i) => join(folder, `${String(i).padStart(5, '0')}.csv`));
  // The list of them is read 64 KiB at a time, and of 64 each is looked at; the rest of them while the next piece is read.
  const atOnce = Math.floor(2 ** 16 / `${JSON.stringify([sources[0], '.', true])}\n`.length);
  const from = Math.floor(atOnce / 64) * 64;
  for (const [i, path] of sources.entries()) {
    if (i >= from && i < from + 64) symlinkSync(path, path);
    else writeFileSync(path, 'a\n1\n');
  }
  const unheard: unknown[] = [];
  const hear = (error: unknown): void => void unheard.push(error);
  process.on('unhandledRejection', hear);
  try {
    await expect(detachRun(sources, join(folder, 'out'), { to: 'jsonl' })).rejects.toMatchObject({
      code: 'ELOOP',
    });
  } finally {
    process.off('unhandledRejection', hear);
  }
  expect(unheard).toEqual([]);
});
