import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test as plainTest } from 'vitest';

import { bulkConvert } from '@x/convert';
import { formats } from '@x/formats';

import { outputPath, patternOf } from '../../src/bulk/name-outputs.ts';
import { test } from '../scratch.ts';

describe('names of outputs', () => {
  const named = (path: string, to: string): string =>
    outputPath({ path, folders: 'sub' }, 'out', {
      pattern: patternOf(to, formats),
      preserveDirs: false,
      formats,
    });

  plainTest.each([
    ['data.csv.gz', 'jsonl', 'data.jsonl'],
    ['data.csv.gz', '.jsonl.gz', 'data.jsonl.gz'],
    ['DATA.CSV.GZ', 'jsonl', 'DATA.jsonl'],
    ['İstanbul.csv', 'jsonl', 'İstanbul.jsonl'],
    ['a.2024.csv', 'jsonl', 'a.2024.jsonl'],
    ['data.gz', 'jsonl', 'data.jsonl'],
    ['data.dat', 'jsonl', 'data.jsonl'],
    ['data', 'jsonl', 'data.jsonl'],
    ['data.csv.gz', '{name}.jsonl', 'data.csv.gz.jsonl'],
    ['data.csv.gz', '{stem}-clean.{ext}', 'data-clean.csv.gz'],
    ['data.csv', '{ext}/{stem}.jsonl', 'csv/data.jsonl'],
    ['data$&.csv', '{stem}.jsonl', 'data$&.jsonl'],
  ])('%s to %s is %s', (source, to, output) => {
    expect(named(join('in', source), to)).toBe(join('out', output));
  });

  plainTest('a pattern with an unknown placeholder, or that leads out of the folder, is refused', () => {
    for (const pattern of [
      '{stm}.csv',
      '{stem.csv',
      '../{stem}.csv',
      '/tmp/{stem}.csv',
      'a/../../{stem}.csv',
    ]) {
      expect(() => patternOf(pattern, formats)).toThrow(pattern);
    }
  });
});

async function write(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), 'id\n1\n');
  }
}

describe('refused before anything is written', () => {
  test('two sources with one output', async ({ folder }) => {
    await write(folder, ['a.csv', 'a.tsv', 'b.csv']);
    const running = bulkConvert(folder, join(folder, 'out'), { to: 'jsonl' });
    await expect(running).rejects.toMatchObject({
      code: 'OUTPUT_COLLISION',
      path: join(folder, 'out/a.jsonl'),
      message: expect.stringMatching(/a\.csv.*a\.tsv/),
      hint: expect.stringContaining('{name}'),
    });
    expect(await readdir(folder)).toEqual(['a.csv', 'a.tsv', 'b.csv']);
  });

  test('an output that is the source of another', async ({ folder }) => {
    await write(folder, ['a.csv', 'a.csv.jsonl']);
    const sources = [join(folder, 'a.csv'), join(folder, 'a.csv.jsonl')];
    const running = bulkConvert(sources, folder, { to: '{name}.jsonl', atomic: true });
    await expect(running).rejects.toMatchObject({
      code: 'OUTPUT_COLLISION',
      message: expect.stringContaining('is itself a source'),
    });
  });

  test.for(['manifest', 'rejects'] as const)(
    '%s where a source is, or an output',
    async (option, { folder }) => {
      await write(folder, ['a.csv', 'b.csv']);
      const [source, out] = [join(folder, 'a.csv'), join(folder, 'out')];
      const refused = (path: string) =>
        bulkConvert([source], out, { to: 'jsonl', [option]: path }).catch((error: unknown) => error);
      const collision = { code: 'OUTPUT_COLLISION', hint: expect.stringContaining('another') };
      expect(await refused(source)).toMatchObject({ ...collision, path: source });
      const output = join(out, 'a.jsonl');
      expect(await refused(output)).toMatchObject({ ...collision, path: output });
      expect(await readdir(folder)).toEqual(['a.csv', 'b.csv']);
    },
  );

  test('a format that there is not, an output folder that is a file, bad options', async ({ folder }) => {
    await write(folder, ['a.csv']);
    const refused = (options: object, out = 'out') =>
      bulkConvert(folder, join(folder, out), options as { to: string }).catch((error: unknown) => error);
    expect(await refused({ to: 'xyz' })).toMatchObject({ code: 'UNKNOWN_FORMAT' });
    expect(await refused({ to: { format: 'xyz' } })).toMatchObject({ code: 'UNKNOWN_FORMAT' });
    expect(await refused({ to: 'jsonl' }, 'a.csv')).toMatchObject({ code: 'DESTINATION_NOT_DIRECTORY' });
    await expect(bulkConvert(folder, 5 as never, { to: 'jsonl' })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: '5 is neither a path nor a file URL',
    });
    expect(await refused({})).toMatchObject({ code: 'BAD_OPTION', message: expect.stringContaining('to') });
    for (const concurrency of [0, -1, 1.5]) {
      expect(await refused({ to: 'jsonl', concurrency })).toMatchObject({
        code: 'BAD_OPTION',
        message: expect.stringContaining(`concurrency (${concurrency})`),
      });
    }
    expect(await refused({ to: 'jsonl', onExist: 'skip' })).toMatchObject({ code: 'BAD_OPTION' });
    expect(await readdir(folder)).toEqual(['a.csv']);
  });

  test('sources that are no paths', async ({ folder }) => {
    for (const sources of ['', [''], [1], undefined]) {
      const running = bulkConvert(sources as string, folder, { to: 'jsonl' });
      await expect(running).rejects.toMatchObject({ code: 'BAD_OPTION' });
    }
  });
});

test('folders that are kept keep equal names apart', async ({ folder }) => {
  await write(folder, ['in/2023/a.csv', 'in/2024/a.csv', 'in/a.csv']);
  const [source, out] = [join(folder, 'in'), join(folder, 'out')];
  const flat = bulkConvert(source, out, { to: 'jsonl', recursive: true });
  await expect(flat).rejects.toMatchObject({ code: 'OUTPUT_COLLISION' });
  const result = await bulkConvert(source, out, { to: 'jsonl', recursive: true, preserveDirs: true });
  expect(result.files.map(({ destination }) => destination)).toEqual(
    ['2023/a.jsonl', '2024/a.jsonl', 'a.jsonl'].map((name) => join(out, name)),
  );
  const byGlob = await bulkConvert(join(source, '*/*.csv'), out, { to: 'jsonl', preserveDirs: true });
  expect(byGlob.files[0]!.destination).toBe(join(out, '2023/a.jsonl'));
});

test('a second run beside the sources does not read what the first has written', async ({ folder }) => {
  await write(folder, ['a.csv', 'b.csv']);
  const options = {
    to: '{name}.jsonl',
    manifest: join(folder, 'run.json'),
    rejects: join(folder, 'rejects'),
    recursive: true,
  };
  for (let run = 1; run <= 2; run += 1) {
    const { files } = await bulkConvert(folder, folder, options);
    expect(files.map(({ source }) => source)).toEqual([join(folder, 'a.csv'), join(folder, 'b.csv')]);
    expect(files.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  }
});

test('an empty folder is nothing to do', async ({ folder }) => {
  const result = await bulkConvert(folder, join(folder, 'out'), { to: 'jsonl' });
  expect(result).toMatchObject({ files: [], succeeded: 0, failed: 0, skipped: 0, rowsRead: 0 });
  expect(await readdir(folder)).toEqual([]);
});
