import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';

import { bulkConvert, convert, ConvertError, openWriter } from '@x/convert';

import { table, test } from './scratch.ts';
import { shrinkDisk } from './small-disk.ts';

/** A disk of 64 KB that holds an old file, beside a source whose output is larger. */
const onSmallDisk = test.extend<{ disk: string; source: string }>({
  disk: async ({ folder, task }, use) => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    const restore = shrinkDisk(task.context, disk, 64);
    await writeFile(join(disk, 'b.jsonl'), 'old');
    await use(disk);
    restore();
  },
  source: async ({ put }, use) => {
    const [source] = await put({ 'a.csv.gz': gzipSync(table(20_000)) });
    await use(source!);
  },
});

onSmallDisk('atomic: the old file stays whole and no temp stays', async ({ disk, source }) => {
  const run = convert(source, join(disk, 'b.jsonl'), { atomic: true });
  await expect(run).rejects.toBeInstanceOf(ConvertError);
  await expect(run).rejects.toMatchObject({
    code: 'ENOSPC',
    path: join(disk, 'b.jsonl'),
    hint: expect.stringMatching(/space/i),
  });
  expect(await readdir(disk)).toEqual(['b.jsonl']);
  expect(await readFile(join(disk, 'b.jsonl'), 'utf8')).toBe('old');
});

onSmallDisk(
  'not atomic: an error all the same, never a short file that counts as whole',
  async ({ disk, source }) => {
    const run = convert(source, join(disk, 'b.jsonl'));
    await expect(run).rejects.toMatchObject({
      code: 'ENOSPC',
      path: join(disk, 'b.jsonl'),
      hint: expect.stringContaining('free space'),
    });
  },
);

onSmallDisk('a writer: the write or the commit fails, and the old file stays', async ({ disk }) => {
  const path = join(disk, 'b.jsonl');
  const writer = await openWriter(path, { atomic: true, batchSize: 100 });
  const writeMuch = async (): Promise<void> => {
    for (let i = 0; i < 20_000; i += 1) await writer.write({ i, text: 'long enough' });
    await writer.commit();
  };
  await expect(writeMuch()).rejects.toMatchObject({ code: 'ENOSPC', path });
  expect(await readdir(disk)).toEqual(['b.jsonl']);
  expect(await readFile(path, 'utf8')).toBe('old');
});

onSmallDisk('bulk: what fits is there, what does not has failed', async ({ disk, source, put }) => {
  const [small] = await put({ 'small.csv': table(10) });
  const result = await bulkConvert([source, small!], disk, { to: 'jsonl', atomic: true });
  expect(result.files.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
  expect(result.files[0]!.error).toMatchObject({ code: 'ENOSPC' });
  expect(await readdir(disk)).toEqual(['b.jsonl', 'small.jsonl']);
});
