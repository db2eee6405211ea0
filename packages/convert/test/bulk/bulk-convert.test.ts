import { rmSync } from 'node:fs';
import { readFile, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';

import { bulkConvert, type BulkOptions, ConvertError } from '@x/convert';
import { csv } from '@x/formats';

import { hasFifos, makeEndless } from '../endless.ts';
import { table, test } from '../scratch.ts';

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();

/** A format is a value with functions, which cannot be sent to a thread. */
const formats = [{ ...csv(), name: 'own', extensions: ['.own'] }];

describe.each<[string, Partial<BulkOptions>]>([
  ['one after the other', { concurrency: 1 }],
  ['in two threads', { concurrency: 2 }],
  ['two at a time in this thread', { concurrency: 2, formats }],
])('bulkConvert, %s', (_, how) => {
  test('converts every file of a folder, and sums up', async ({ folder, put }) => {
    await put({ 'in/b.csv': table(2), 'in/a.csv': table(3), 'in/c.csv.gz': gzipSync(table(4)) });
    const result = await bulkConvert(join(folder, 'in'), join(folder, 'out'), { to: 'jsonl', ...how });
    expect(result).toMatchObject({ succeeded: 3, failed: 0, skipped: 0, rowsRead: 9, rowsWritten: 9 });
    expect(result.files.map(({ destination }) => destination)).toEqual(
      ['a.jsonl', 'b.jsonl', 'c.jsonl'].map((name) => join(folder, 'out', name)),
    );
    expect(await readFile(join(folder, 'out/b.jsonl'), 'utf8')).toBe(
      '{"id":"0","name":"a"}\n{"id":"1","name":"a"}\n',
    );
    const written = await Promise.all(result.files.map(({ destination }) => stat(destination)));
    expect(result.bytesWritten).toBe(written.reduce((sum, { size }) => sum + size, 0));
    expect(result.files[0]!.result).toMatchObject({ rowsRead: 3, atomic: false });
  });

  test('a file that fails does not stop the rest, and its error keeps class, code and place', async ({
    folder,
    put,
  }) => {
    await put({ 'a.csv': table(1), 'b.csv': `${table(1)}2\n`, 'c.csv': table(1) });
    await put({ 'd.csv.gz': gzipSync(table(9)).subarray(0, -5) });
    const sources = ['a.csv', 'b.csv', 'missing.csv', 'c.csv', 'd.csv.gz'].map((name) => join(folder, name));
    const result = await bulkConvert(sources, join(folder, 'out'), { to: 'jsonl', atomic: true, ...how });
    expect(result.files.map(({ status }) => status)).toEqual([
      'succeeded',
      'failed',
      'failed',
      'succeeded',
      'failed',
    ]);
    expect(result).toMatchObject({ succeeded: 2, failed: 3, rowsRead: 2 });
    const [, ragged, missing, , cut] = result.files.map(({ error }) => error as ConvertError);
    expect(ragged).toBeInstanceOf(ConvertError);
    expect(ragged).toMatchObject({
      name: 'ConvertError',
      code: 'RAGGED_ROW',
      path: sources[1],
      row: 2,
      line: 3,
    });
    expect((ragged!.cause as Error).constructor.name).toBe('FormatError');
    expect(missing).toMatchObject({ code: 'SOURCE_NOT_FOUND', hint: expect.stringContaining('path') });
    expect(cut).toMatchObject({ code: 'TRUNCATED', cause: { codec: 'gzip', name: 'CodecError' } });
    expect(await filesIn(join(folder, 'out'))).toEqual(['a.jsonl', 'c.jsonl']);
  });

  test('results keep the order of the sources', async ({ folder, put }) => {
    const sizes = [30_000, 1, 2000, 5, 10_000, 3];
    const names = sizes.map((_size, i) => `${'fedcba'[i]}.csv`);
    await put(Object.fromEntries(names.map((name, i) => [name, table(sizes[i]!)])));
    const sources = names.map((name) => join(folder, name));
    const result = await bulkConvert(sources, join(folder, 'out'), { to: 'jsonl', ...how });
    expect(result.files.map((file) => file.source)).toEqual(sources);
    expect(result.files.map((file) => file.result?.rowsRead)).toEqual(sizes);
  });

  test('skipped rows are counted, told and kept, for each file', async ({ folder, put }) => {
    await put({ 'in/a.csv': `${table(1)}2\n`, 'in/b.csv': table(2) });
    const result = await bulkConvert(join(folder, 'in'), join(folder, 'out'), {
      to: 'jsonl',
      onError: 'skip',
      rejects: join(folder, 'bad'),
      ...how,
    });
    expect(result).toMatchObject({ succeeded: 2, rowsRead: 4, rowsWritten: 3, rowsSkipped: 1 });
    expect(result.files[0]!.result!.errors[0]).toMatchObject({
      code: 'RAGGED_ROW',
      name: 'ConvertError',
      path: expect.stringContaining('a.csv'),
    });
    expect(await filesIn(join(folder, 'bad'))).toEqual(['a.jsonl.rejects.jsonl', 'b.jsonl.rejects.jsonl']);
    expect(await readFile(join(folder, 'bad/a.jsonl.rejects.jsonl'), 'utf8')).toMatch(/RAGGED_ROW/);
  });

  test('progress sums up over the files and ends with the final numbers', async ({ folder, put }) => {
    await put({ 'in/a.csv': table(3000), 'in/b.csv': table(2000), 'in/c.csv': 'id\n"' });
    const seen: object[] = [];
    const result = await bulkConvert(join(folder, 'in'), join(folder, 'out'), {
      to: 'jsonl',
      onProgress: (progress) => void seen.push(progress),
      ...how,
    });
    expect(seen.at(-1)).toMatchObject({
      rowsRead: 5000,
      rowsWritten: 5000,
      filesDone: 3,
      filesTotal: 3,
      percent: 100,
      etaMs: 0,
      bytesRead: expect.any(Number),
    });
    expect(result.failed).toBe(1);
    const rows = seen.map((progress) => (progress as { rowsRead: number }).rowsRead);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
  });

  test.skipIf(!hasFifos)(
    'an abort throws its reason, leaves no temp, and starts no further file [skipped: Windows has no FIFO]',
    async ({ folder, put }) => {
      // As many sources without an end as two threads take in hand, and one that would be done in a moment.
      const endless = Array.from({ length: 6 }, (_none, i) => join(folder, `${i}.csv`));
      for (const path of endless) makeEndless(path);
      const [last] = await put({ 'last.csv': table(1) });
      const controller = new AbortController();
      const reason = new Error('enough');
      const running = bulkConvert([...endless, last!], join(folder, 'out'), {
        to: 'jsonl',
        atomic: true,
        batchSize: 100,
        progressInterval: 1,
        onProgress: () => controller.abort(reason),
        signal: controller.signal,
        manifest: join(folder, 'manifest.json'),
        ...how,
      });
      await expect(running).rejects.toBe(reason);
      expect(await filesIn(join(folder, 'out'))).toEqual([]);
      const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
      expect(manifest.files.map((file: { status: string }) => file.status)).not.toContain('succeeded');
    },
  );

  test('stopOnError starts no further file', async ({ folder, put }) => {
    // As many broken ones as there are files at a time, so that each way of taking turns begins with one.
    const good = Array.from({ length: 5 }, (_none, i) => [`in/c${i}.csv`, table(1)]);
    await put({ 'in/a.csv': 'id\n"', 'in/b.csv': 'id\n"', ...Object.fromEntries(good) });
    const result = await bulkConvert(join(folder, 'in'), join(folder, 'out'), {
      to: 'jsonl',
      stopOnError: true,
      ...how,
    });
    expect(result).toMatchObject({ failed: how.concurrency, succeeded: 0, skipped: 7 - how.concurrency! });
    expect(result.files.at(-1)).toMatchObject({ status: 'skipped', reason: 'stopped' });
  });
});

test('a callback that throws is a warning', async ({ folder, put }) => {
  await put({ 'a.csv': table(1) });
  const result = await bulkConvert(join(folder, 'a.csv'), folder, {
    to: 'jsonl',
    onProgress: () => {
      throw new Error('my mistake');
    },
  });
  expect(result).toMatchObject({ succeeded: 1, warnings: ['onProgress threw: Error: my mistake'] });
});

describe('onExists', () => {
  test("'overwrite' replaces, 'skip' leaves, 'error' is the failure of that file", async ({
    folder,
    put,
  }) => {
    await put({ 'in/a.csv': table(1), 'in/b.csv': table(1), 'out/a.jsonl': 'old' });
    const [source, out] = [join(folder, 'in'), join(folder, 'out')];
    const skipping = await bulkConvert(source, out, { to: 'jsonl', onExists: 'skip' });
    expect(skipping).toMatchObject({ succeeded: 1, skipped: 1 });
    expect(skipping.files[0]).toMatchObject({ status: 'skipped', reason: 'exists' });
    expect(await readFile(join(out, 'a.jsonl'), 'utf8')).toBe('old');
    const failing = await bulkConvert(source, out, { to: 'jsonl', onExists: 'error' });
    expect(failing.files.map(({ error }) => (error as ConvertError).code)).toEqual([
      'DESTINATION_EXISTS',
      'DESTINATION_EXISTS',
    ]);
    expect(await readFile(join(out, 'a.jsonl'), 'utf8')).toBe('old');
    expect(await bulkConvert(source, out, { to: 'jsonl' })).toMatchObject({ succeeded: 2 });
    expect(await readFile(join(out, 'a.jsonl'), 'utf8')).not.toBe('old');
  });
});

test('a folder that cannot be made is told as such, by each file that needs it', async ({ folder, put }) => {
  await put({ 'in/a.csv': table(1) });
  // As on a read-only disk, the code that Node.js gives does not tell what is wrong.
  await symlink(join(folder, 'nowhere'), join(folder, 'dangling'));
  const error = {
    code: expect.stringMatching(/^E[A-Z]+$/),
    message: expect.stringMatching(/^the folder cannot be made \(E/),
    hint: expect.stringMatching(/read-only/),
  };
  for (const [out, rejects] of [['dangling/out'], ['out', 'dangling/rejects']] as const) {
    const { files } = await bulkConvert(join(folder, 'in'), join(folder, out), {
      to: 'jsonl',
      ...(rejects && { onError: 'skip', rejects: join(folder, rejects) }),
    });
    expect(files).toMatchObject([
      { status: 'failed', error: { ...error, path: join(folder, rejects ?? out) } },
    ]);
  }
});

test('an output folder that disappears midway is told as such, and not made again', async ({
  folder,
  put,
}) => {
  await put({ 'in/a.own': table(1), 'in/b.own': table(1), 'in/c.own': table(1) });
  const out = join(folder, 'out');
  let begun = 0;
  const [own] = formats;
  const removing: typeof own = {
    ...own!,
    createReader: (...args) => {
      begun += 1;
      if (begun === 2) rmSync(out, { recursive: true });
      return own!.createReader(...args);
    },
  };
  const options = { to: 'jsonl', concurrency: 1, formats: [removing] };
  const { files } = await bulkConvert(join(folder, 'in'), out, options);
  expect(files).toMatchObject([
    { status: 'succeeded' },
    ...['b', 'c'].map((name) => ({
      status: 'failed',
      error: {
        code: 'DESTINATION_LOST',
        message: `the folder ${out} was there in this run, and is gone`,
        path: join(out, `${name}.jsonl`),
        hint: expect.stringContaining('run again'),
      },
    })),
  ]);
  expect(await readdir(folder)).toEqual(['in']);
});

test('many files that are missing in a large folder do not each look for the name that was meant', async ({
  folder,
  put,
}) => {
  await put(Object.fromEntries(Array.from({ length: 1001 }, (_none, i) => [`many/a${i}.csv`, ''])));
  await put({ 'few/a0.csv': '' });
  const sources = ['many/a0x.csv', 'few/a0x.csv'].map((name) => join(folder, name));
  const { files } = await bulkConvert(sources, join(folder, 'out'), {
    to: '{name}.{ext}',
    preserveDirs: true,
  });
  const hints = files.map(({ error }) => (error as ConvertError).hint);
  expect(hints).toEqual([
    'check the path; a relative one starts at the working directory',
    `did you mean '${join(folder, 'few/a0.csv')}'?`,
  ]);
});

test('an output in a format of its own options', async ({ folder, put }) => {
  await put({ 'a.csv': table(1) });
  await bulkConvert(join(folder, 'a.csv'), folder, {
    to: { format: 'csv', codec: 'gzip', delimiter: ';', pattern: '{stem}-semicolons.gz' },
  });
  const written = gunzipSync(await readFile(join(folder, 'a-semicolons.gz'))).toString();
  expect(written).toBe('id;name\n0;a\n');
});
