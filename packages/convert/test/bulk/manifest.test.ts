import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect } from 'vitest';

import { bulkConvert, type BulkOptions, ConvertError, ManifestError } from '@x/convert';

import { table, test } from '../scratch.ts';
import { shrinkDisk } from '../small-disk.ts';

test('with skip, a second run does only what failed or has changed', async ({ folder, put }) => {
  await put({ 'in/a.csv': table(1), 'in/b.csv': `${table(100_000)}x\n`, 'in/c.csv': table(1) });
  const manifest = join(folder, 'state/run.json');
  await mkdir(dirname(manifest));
  const options = { to: 'jsonl', manifest, onExists: 'skip' } as const;
  const run = async () => {
    const { files } = await bulkConvert(join(folder, 'in'), join(folder, 'out'), options);
    return files.map(({ status }) => status);
  };
  expect(await run()).toEqual(['succeeded', 'failed', 'succeeded']);
  // What failed without atomic: true has left a part of itself, which no later run may take for whole.
  expect(await readdir(join(folder, 'out'))).toContain('b.jsonl');
  await writeFile(join(folder, 'in/b.csv'), table(2));
  await utimes(join(folder, 'in/c.csv'), 1, 1);
  expect(await run()).toEqual(['skipped', 'succeeded', 'succeeded']);
  expect(await run()).toEqual(['skipped', 'skipped', 'skipped']);
  const written = JSON.parse(await readFile(manifest, 'utf8'));
  expect(written).toMatchObject({
    version: 1,
    files: [
      { source: '../in/a.csv', destination: '../out/a.jsonl', status: 'succeeded', rowsWritten: 1 },
      { status: 'succeeded', rowsWritten: 2 },
      { status: 'succeeded', sourceModifiedMs: 1000 },
    ],
  });
  expect(await readdir(dirname(manifest))).toEqual(['run.json']);
});

test('with skip, an output that was to be replaced when the run was stopped does not stay', async ({
  folder,
  put,
}) => {
  await put({ 'in/a.csv': `${table(1)}x\n`, 'in/b.csv': table(1), 'out/b.jsonl': 'of an older source' });
  const options = { to: 'jsonl', manifest: join(folder, 'run.json'), atomic: true, concurrency: 1 } as const;
  const run = (more: Partial<BulkOptions>) =>
    bulkConvert(join(folder, 'in'), join(folder, 'out'), { ...options, ...more });
  const stopped = await run({ stopOnError: true });
  expect(stopped.files[1]).toMatchObject({ status: 'skipped', reason: 'stopped' });
  await put({ 'in/a.csv': table(1) });
  expect(await run({ onExists: 'skip' })).toMatchObject({ succeeded: 2 });
  expect(await readFile(join(folder, 'out/b.jsonl'), 'utf8')).toBe('{"id":"0","name":"a"}\n');
});

test('names code and message of what failed', async ({ folder, put }) => {
  await put({ 'in/a.csv': 'id,name\n1\n' });
  const manifest = join(folder, 'run.json');
  await bulkConvert(join(folder, 'in'), folder, { to: 'jsonl', manifest: pathToFileURL(manifest) });
  const [entry] = JSON.parse(await readFile(manifest, 'utf8')).files;
  expect(entry).toMatchObject({ status: 'failed', error: { code: 'RAGGED_ROW' } });
});

test('a file that is no manifest is not overwritten', async ({ folder, put }) => {
  await put({ 'in/a.csv': table(1), 'notes.json': '{"mine":true}' });
  const running = bulkConvert(join(folder, 'in'), join(folder, 'out'), {
    to: 'jsonl',
    manifest: join(folder, 'notes.json'),
  });
  await expect(running).rejects.toMatchObject({ code: 'BAD_MANIFEST' });
  expect((await readdir(folder)).toSorted()).toEqual(['in', 'notes.json']);
});

test('its folder is made if it is not there, even for no files', async ({ folder, put }) => {
  await put({ 'in/.hidden': '' });
  const manifest = join(folder, 'state/deep/run.json');
  await bulkConvert(join(folder, 'in'), join(folder, 'out'), { to: 'jsonl', manifest });
  expect(JSON.parse(await readFile(manifest, 'utf8'))).toEqual({ version: 1, files: [] });
});

test('a folder that cannot be made for it is told before anything is written', async ({ folder, put }) => {
  await put({ 'in/a.csv': table(1) });
  await symlink(join(folder, 'nowhere'), join(folder, 'dangling'));
  const manifest = join(folder, 'dangling/run.json');
  const running = bulkConvert(join(folder, 'in'), join(folder, 'out'), { to: 'jsonl', manifest });
  await expect(running).rejects.toSatisfy(
    (error) => error instanceof ConvertError && !(error instanceof ManifestError),
  );
  await expect(running).rejects.toMatchObject({ path: expect.stringContaining('dangling'), hint: /./ });
  expect(await readdir(folder)).not.toContain('out');
});

describe('that cannot be written at the end', () => {
  const failed = async (running: Promise<unknown>): Promise<ManifestError> => {
    const error = await running.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ManifestError);
    expect(error).toBeInstanceOf(ConvertError);
    return error as ManifestError;
  };

  /** With a table that is whole, and one that is not. */
  const bulk = (folder: string, manifest: string, options: Partial<BulkOptions>): Promise<unknown> =>
    bulkConvert(join(folder, 'in'), join(folder, 'out'), {
      to: 'jsonl',
      manifest,
      concurrency: 1,
      progressInterval: 1,
      ...options,
    });
  const told = {
    succeeded: 1,
    failed: 1,
    rowsWritten: 2,
    files: [
      { status: 'succeeded', result: { rowsWritten: 2 } },
      { status: 'failed', error: { line: 3 } },
    ],
  };

  test('leaves the caller the result, and an error with place and reason', async ({ folder, put }) => {
    await put({ 'in/a.csv': table(2), 'in/b.csv': `${table(1)}x\n` });
    const manifest = join(folder, 'state/run.json');
    const onProgress = (): void => rmSync(dirname(manifest), { recursive: true, force: true });
    expect(await failed(bulk(folder, manifest, { onProgress }))).toMatchObject({
      code: 'MANIFEST_NOT_WRITTEN',
      path: manifest,
      message: expect.stringMatching(/^the manifest could not be written: ENOENT: no such file/),
      hint: expect.stringContaining('result'),
      cause: { code: 'ENOENT' },
      result: told,
    });
    expect(await readFile(join(folder, 'out/a.jsonl'), 'utf8')).toBe(
      '{"id":"0","name":"a"}\n{"id":"1","name":"a"}\n',
    );
  });

  test('on a full disk the one before stays as it was', async ({ folder, put, task }) => {
    await put({ 'in/a.csv': table(2), 'in/b.csv': `${table(1)}x\n`, 'disk/.keep': '' });
    const restore = shrinkDisk(task.context, join(folder, 'disk'), 64);
    try {
      const manifest = join(folder, 'disk/run.json');
      const before = '{"version":1,"files":[]}';
      await writeFile(manifest, before);
      const onProgress = (): void => {
        expect(() => writeFileSync(join(folder, 'disk/filler'), Buffer.alloc(65_536))).toThrow('ENOSPC');
      };
      const error = await failed(bulk(folder, manifest, { onProgress }));
      expect(error).toMatchObject({ cause: { code: 'ENOSPC' }, result: told });
      expect(error.result.warnings).toEqual([]);
      expect(await readFile(manifest, 'utf8')).toBe(before);
      expect(await readdir(join(folder, 'disk'))).toEqual(['filler', 'run.json']);
    } finally {
      restore();
    }
  });

  test('after an abort says both, as the result has what was stopped', async ({ folder, put }) => {
    await put({ 'in/a.csv': table(2), 'in/b.csv': table(1), 'in/c.csv': table(1) });
    const manifest = join(folder, 'state/run.json');
    const controller = new AbortController();
    const onProgress = (): void => {
      rmSync(dirname(manifest), { recursive: true, force: true });
      controller.abort();
    };
    const error = await failed(bulk(folder, manifest, { onProgress, signal: controller.signal }));
    expect(error.result.files.at(-1)).toMatchObject({ status: 'skipped', reason: 'stopped' });
  });
});
