import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';

import { startPreloaded, test as base } from './command.ts';

/** Rows with line breaks in quotes, which look like records. */
const rowsOf = (count: number): string =>
  Array.from({ length: count }, (_, i) => `${i},"a\n${i},""b"""\n`).join('');

const test = base.extend<{ files: string }>({
  files: async ({ folder }, use) => {
    await writeFile(join(folder, 'huge.csv'), `id,note\n${rowsOf(300)}`);
    await use(folder);
  },
});

const partsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('part-')).toSorted();

async function joined(folder: string, parts?: readonly string[]): Promise<string> {
  const texts = (parts ?? (await partsIn(folder))).map((name) => readFile(join(folder, name), 'utf8'));
  return (await Promise.all(texts)).join('');
}

const small = ['--part-size', '1kB'] as const;

test('the parts of a file are together what x convert makes of the whole', async ({ files, x }) => {
  const { code, stdout, stderr } = await x('split', 'huge.csv', 'out', '--to', 'jsonl', ...small);
  expect(stderr).toMatch(/^out: 6 of 6 parts converted in [\d.]+ s\n$/);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  await x('convert', 'huge.csv', 'whole.jsonl');
  expect(await joined(join(files, 'out'))).toBe(await readFile(join(files, 'whole.jsonl'), 'utf8'));
  expect((await readdir(files)).toSorted()).toEqual(['huge.csv', 'out', 'whole.jsonl']);

  const plain = ['--to-option', 'header=false', '--no-header'] as const;
  await x('split', 'huge.csv', 'csv', ...plain, ...small);
  await x('convert', 'huge.csv', 'whole.csv', ...plain);
  expect((await partsIn(join(files, 'csv'))).at(-1)).toBe('part-00005.csv');
  expect(await joined(join(files, 'csv'))).toBe(await readFile(join(files, 'whole.csv'), 'utf8'));

  expect(await x('split', 'whole.jsonl', 'again', '--to', 'csv', '-c', 'id,note', ...small)).toMatchObject({
    code: 0,
  });
  const parts = await Promise.all(
    (await partsIn(join(files, 'again'))).map((name) => readFile(join(files, 'again', name), 'utf8')),
  );
  // Each part is a file of its own, with its header.
  expect(`id,note\n${parts.map((part) => part.slice('id,note\n'.length)).join('')}`).toBe(
    await readFile(join(files, 'huge.csv'), 'utf8'),
  );
});

test('parts of Parquet have the columns and types of the whole', async ({ files, x }) => {
  await writeFile(
    join(files, 'big.csv'),
    `n,t,e\n${Array.from({ length: 400 }, (_, i) => `${i < 200 ? i : i * 2 ** 33},${i < 390 ? i : 'x'},\n`).join('')}`,
  );
  const { stderr, code } = await x('split', 'big.csv', 'out', '--to', 'parquet', ...small);
  expect({ stderr, code }).toEqual({ code: 0, stderr: expect.stringContaining('parts converted') });
  await x('convert', 'big.csv', 'whole.parquet');
  const columnsOf = async (path: string): Promise<(readonly [string, string])[]> => {
    const { columns } = JSON.parse((await x('inspect', path, '--json')).stdout) as {
      readonly columns: readonly { readonly name: string; readonly type: string }[];
    };
    return columns.map(({ name, type }) => [name, type]);
  };
  const rowsOfFile = async (path: string): Promise<string> =>
    (await x('convert', path, '-', '--to', 'jsonl')).stdout;
  const columns = await columnsOf('whole.parquet');
  let rows = '';
  const parts = await partsIn(join(files, 'out'));
  expect(parts.length).toBeGreaterThan(2);
  for (const part of parts) {
    expect(await columnsOf(`out/${part}`)).toEqual(columns);
    rows += await rowsOfFile(`out/${part}`);
  }
  expect(rows).toBe(await rowsOfFile('whole.parquet'));
});

test('killed, it is gone on with, and nothing is there before all is', async ({ files, x }) => {
  await writeFile(join(files, 'huge.csv'), `id,note\n${rowsOf(3000)}`);
  const preloaded = { file: 'end-itself.mjs', told: { END_BY: 'SIGKILL', END_AFTER: '5' } };
  const words = ['split', 'huge.csv', 'out', '--to', 'jsonl', ...small, '-j', '2'];
  expect((await startPreloaded(preloaded, files, ...words).ended).code).toBe(null);
  expect(existsSync(join(files, 'out'))).toBe(false);
  // By the name that it will have.
  expect((await x('run', 'status', 'out')).stdout).toMatch(
    /^[\d,]+ of \d+ parts converted, \d+ open: run 1 has not ended\n$/,
  );
  expect(await x('split', 'huge.csv', 'out', ...small)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('x run resume'),
  });
  expect(await x('run', 'resume', 'out')).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^out: .* parts converted in/),
  });
  await x('convert', 'huge.csv', 'whole.jsonl');
  expect(await joined(join(files, 'out'))).toBe(await readFile(join(files, 'whole.jsonl'), 'utf8'));
  expect((await readdir(files)).toSorted()).toEqual(['huge.csv', 'out', 'whole.jsonl']);
  expect(await x('run', 'verify', 'out')).toMatchObject({ code: 0, stdout: '' });
});

test('workers do what was detached, and a dataset that is there gets a version', async ({ files, x }) => {
  await x('split', 'huge.csv', 'out', '--to', 'jsonl', ...small);
  const before = await joined(join(files, 'out'));
  await writeFile(join(files, 'huge.csv'), `id,note\n${rowsOf(100)}`);
  expect(await x('split', 'huge.csv', 'out', '--to', 'jsonl', ...small, '--detach')).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^2 parts to convert, run 2 of out\n.*x worker --run out --shard/),
  });
  const shards = await Promise.all([0, 1].map((i) => x('worker', '--run', 'out', '--shard', `${i}/2`)));
  expect(shards.map(({ code }) => code)).toEqual([0, 0]);
  expect(await joined(join(files, 'out'))).toBe(before);
  const { parts } = JSON.parse(await readFile(join(files, 'out/_versions/00000002.json'), 'utf8')) as {
    readonly parts: string[];
  };
  await x('convert', 'huge.csv', 'whole.jsonl');
  expect(await joined(join(files, 'out'), parts)).toBe(await readFile(join(files, 'whole.jsonl'), 'utf8'));
  expect((await x('split', 'huge.csv', 'out')).stderr).toMatch(
    /^out: 1 of 1 part converted in .*, version 3\n {2}its parts are those in out\/_versions\/00000003.json\n$/,
  );
});

test('what is wrong with a row is told by its place in the whole file', async ({ files, x }) => {
  await writeFile(join(files, 'huge.csv'), `id,note\n${rowsOf(200)}1,2,3\n${rowsOf(100)}`);
  const { code, stderr } = await x('split', 'huge.csv', 'out', '--to', 'jsonl', ...small, '--attempts', '1');
  expect(stderr).toMatch(/^x: a row of 3 cells .*\n {2}at huge\.csv:402:5 \(byte \d+\)\n/);
  expect(stderr).toMatch(
    /1 failed in .*\n {2}not published, for it would lack a part; x run resume out --retry-failed tries again\n$/,
  );
  expect(code).toBe(1);
  expect(existsSync(join(files, 'out'))).toBe(false);

  expect(await x('split', 'huge.csv', 'out', '--to', 'jsonl', ...small, '--rejects', 'bad')).toMatchObject({
    code: 0,
  });
  await x('convert', 'huge.csv', 'whole.jsonl', '--rejects', 'bad.jsonl');
  expect(await joined(join(files, 'out'))).toBe(await readFile(join(files, 'whole.jsonl'), 'utf8'));
  expect(await joined(join(files, 'bad'))).toBe(await readFile(join(files, 'bad.jsonl'), 'utf8'));
});

test('what cannot be cut is refused with what to do instead', async ({ files, x }) => {
  await x('convert', 'huge.csv', 'huge.csv.gz');
  await x('convert', 'huge.csv', 'huge.jsonl');
  await mkdir(join(files, 'full'));
  await writeFile(join(files, 'full/mine'), '');
  const refusals: readonly [words: readonly string[], code: number, told: RegExp][] = [
    [['-', 'out'], 2, /write it to a file first/],
    [['huge.csv.gz', 'out'], 2, /compressed \(gzip\)[^]*Decompress it into a file first/],
    [['huge.jsonl', 'out', '--to', 'parquet'], 2, /--columns[^]*have id,note/],
    [['huge.csv', 'out', '--to', '{stem}.csv'], 2, /names already/],
    [['huge.csv', 'out', '--part-size', '1'], 2, /no size/],
    [['huge.csv', 'out', '--to-codec', 'gzip', '--from-option', 'escape=\\'], 2, /escape/],
    [['huge.csv', 'full'], 1, /no dataset/],
    [['none.csv', 'out'], 1, /no such file/],
    [['huge.csv', 'out', '--types', 'nmae=text'], 1, /nmae/],
  ];
  for (const [words, code, told] of refusals) {
    const found = await x('split', ...words);
    expect({ words, ...found }).toMatchObject({ words, code, stderr: expect.stringMatching(told) });
  }
  expect((await readdir(files)).toSorted()).toEqual(['full', 'huge.csv', 'huge.csv.gz', 'huge.jsonl']);
});
