import { chmod, link, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';

import { findSources, type Search } from '../../src/bulk/find-sources.ts';
import type { FoundFile } from '../../src/bulk/found-files.ts';
import { test as base } from '../scratch.ts';

async function listed(sources: readonly (string | URL)[], search: Search): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for await (const file of findSources(sources, search)) found.push(file);
  return found;
}

const files = [
  'b.csv',
  'a.csv',
  'a.csv.tmp',
  'a.csv.k3v9.tmp',
  '.hidden.csv',
  'notes.txt',
  'sub-x.csv',
  'sub/c.csv',
  'sub/deep/d.csv',
  '.git/e.csv',
  'out/f.csv',
  'data[1].csv',
  'data1.csv',
];

/** A folder with these files, and a search that gives paths relative to it. */
const test = base.extend<{ found: (sources: string[], recursive?: boolean) => Promise<string[]> }>({
  found: async ({ folder }, use) => {
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), 'x\n');
    }
    await use(async (sources, recursive = false) => {
      const paths = sources.map((source) => (source === '' ? folder : join(folder, source)));
      const all = await listed(paths, { recursive, outDir: join(folder, 'out') });
      return all.map(({ path }) => path.slice(folder.length + 1));
    });
  },
});

test('a folder: its files sorted, without dotfiles and temps', async ({ found }) => {
  expect(await found([''])).toEqual(['a.csv', 'b.csv', 'data1.csv', 'data[1].csv', 'notes.txt', 'sub-x.csv']);
});

test('a folder and those in it, without the outputs among them', async ({ found }) => {
  const all = [
    'a.csv',
    'b.csv',
    'data1.csv',
    'data[1].csv',
    'notes.txt',
    'sub-x.csv',
    'sub/c.csv',
    'sub/deep/d.csv',
  ];
  expect(await found([''], true)).toEqual(all);
});

test('globs: in one folder, in any, with alternatives', async ({ found }) => {
  expect(await found(['[ab].csv'])).toEqual(['a.csv', 'b.csv']);
  expect(await found(['**/*.csv'])).toEqual([
    'a.csv',
    'b.csv',
    'data1.csv',
    'data[1].csv',
    'sub-x.csv',
    'sub/c.csv',
    'sub/deep/d.csv',
  ]);
  expect(await found(['*/*.csv'])).toEqual(['sub/c.csv']);
  expect(await found(['{a,sub/c}.csv'])).toEqual(['a.csv', 'sub/c.csv']);
  expect(await found(['!(a|data*|sub*).csv'])).toEqual(['b.csv']);
});

test('the folder of the outputs can be searched when it is what is meant', async ({ found }) => {
  expect(await found(['out'])).toEqual(['out/f.csv']);
  expect(await found(['out/*.csv'])).toEqual(['out/f.csv']);
});

test('a file whose name looks like a glob is that file', async ({ found }) => {
  expect(await found(['data[1].csv'])).toEqual(['data[1].csv']);
});

test('a list keeps its order, and each file counts once', async ({ found }) => {
  expect(await found(['b.csv', '*.csv', 'a.csv', '.hidden.csv', 'a.csv.tmp'])).toEqual([
    'b.csv',
    'a.csv',
    'data1.csv',
    'data[1].csv',
    'sub-x.csv',
    '.hidden.csv',
    'a.csv.tmp',
  ]);
});

test('a file that is found and named is one that was named', async ({ folder, found }) => {
  expect(await found(['a.csv'])).toEqual(['a.csv']);
  for (const sources of [
    [folder, join(folder, 'a.csv')],
    [join(folder, 'a.csv'), folder],
  ]) {
    const [first] = await listed(sources, { recursive: false, outDir: folder });
    expect(first).toMatchObject({ path: join(folder, 'a.csv'), named: true });
  }
});

test('a file URL, and a file that is not there', async ({ folder }) => {
  const missing = pathToFileURL(join(folder, 'missing.csv'));
  const [file] = await listed([missing], { recursive: false, outDir: folder });
  expect(file).toMatchObject({ path: join(folder, 'missing.csv'), named: true });
});

test('a glob that nothing matches is an error that names it', async ({ found }) => {
  await expect(found(['*.parquet'])).rejects.toMatchObject({
    code: 'SOURCE_NOT_FOUND',
    path: expect.stringContaining('*.parquet'),
  });
  await expect(found(['nowhere/*.csv'])).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
});

test('links: to files they are followed, to folders not', async ({ folder, found }) => {
  await symlink(join(folder, 'a.csv'), join(folder, 'sub/soft.csv'));
  await link(join(folder, 'a.csv'), join(folder, 'sub/hard.csv'));
  await symlink(folder, join(folder, 'sub/circle'));
  await symlink(join(folder, 'gone'), join(folder, 'sub/dangling.csv'));
  expect(await found(['sub'], true)).toEqual([
    'sub/c.csv',
    'sub/dangling.csv',
    'sub/deep/d.csv',
    'sub/hard.csv',
    'sub/soft.csv',
  ]);
});

test.runIf(process.platform === 'linux')(
  'files whose names are no characters, and so are spelled alike, count once [runs where names are bytes]',
  async ({ folder, found }) => {
    for (const byte of [0xe4, 0xf6])
      await writeFile(
        Buffer.concat([Buffer.from(join(folder, 'sub/')), Buffer.from([byte]), Buffer.from('.csv')]),
        '',
      );
    expect(await found(['sub'])).toEqual(['sub/c.csv', 'sub/\ufffd.csv']);
  },
);

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
  'a folder that cannot be read is an error, not an absence [skipped: root reads every folder]',
  async ({ folder, found }) => {
    await chmod(join(folder, 'sub'), 0);
    try {
      await expect(found([''], true)).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' });
    } finally {
      await chmod(join(folder, 'sub'), 0o755);
    }
  },
);

test('the folders to keep: below the one searched, or below the one that named files share', async ({
  folder,
  found,
}) => {
  await found(['']);
  const foldersOf = async (sources: string[]) => {
    const paths = sources.map((source) => join(folder, source));
    const all = await listed(paths, { recursive: true, outDir: join(folder, 'out') });
    return all.map(({ folders }) => folders);
  };
  expect(await foldersOf(['sub'])).toEqual(['.', 'deep']);
  expect(await foldersOf(['**/[cd].csv'])).toEqual(['sub', 'sub/deep']);
  expect(await foldersOf(['a.csv', 'sub/deep/d.csv'])).toEqual(['.', 'sub/deep']);
  expect(await foldersOf(['sub/c.csv'])).toEqual(['.']);
});
