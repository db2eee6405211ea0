import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';

import { childNodeArgs, programPath } from '@x/vitest-config/child-node';

import { convert, detect } from '@x/convert';
import type { AnyFormat } from '@x/formats';

import { pairs } from './fixtures/pairs-format.mjs';
import { table, test } from './scratch.ts';

const here = join(import.meta.dirname, '..');

type Job = readonly ['convert' | 'bulkConvert', from: string, to: string, options?: object];

/** Where convert lies beside packages of formats: its program, and a way to run it. */
async function installed(folder: string, contents: Readonly<Record<string, string>>) {
  const program = programPath(here, 'index');
  const home = join(folder, 'convert');
  await cp(join(program, '..'), join(home, 'src'), { recursive: true });
  await cp(join(here, 'package.json'), join(home, 'package.json'));
  const modules = join(home, 'node_modules');
  await mkdir(join(modules, '@x'), { recursive: true });
  for (const name of ['@x/atomic-fs', '@x/codecs', '@x/formats', 'picomatch', 'zod']) {
    await symlink(await realpath(join(here, 'node_modules', name)), join(modules, name), 'junction').catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      },
    );
  }
  for (const [name, text] of Object.entries(contents)) {
    const at = join(modules, '@x', name);
    await mkdir(at, { recursive: true });
    const manifest = { name: `@x/${name}`, version: '1.0.0', type: 'module', exports: './index.mjs' };
    await writeFile(join(at, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(at, 'index.mjs'), text);
  }
  const url = JSON.stringify(join(home, 'src', program.endsWith('.ts') ? 'index.ts' : 'index.js'));
  await writeFile(
    join(folder, 'run.mjs'),
    `import { bulkConvert, convert } from ${url};\n` +
      `const run = { convert, bulkConvert };\n` +
      `const jobs = JSON.parse(process.argv[2]);\n` +
      `const outcomes = jobs.map(([name, ...args]) => run[name](...args).then(\n` +
      `  ({ files }) => ({ failed: files?.filter(({ error }) => error).map(String) ?? [] }),\n` +
      `  ({ code, message, hint }) => ({ code, message, hint }),\n` +
      `));\n` +
      `console.log(JSON.stringify(await Promise.all(outcomes)));\n`,
  );
  return async (...jobs: readonly Job[]): Promise<unknown[]> => {
    const command = [...childNodeArgs, join(folder, 'run.mjs'), JSON.stringify(jobs)];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: folder });
    const outcomes: unknown[] = JSON.parse(stdout);
    return outcomes;
  };
}

/** Formats that have signs to be recognized by. */
const recognized = [
  ['parquet', 'a.pq', 'PAR1'],
  ['arrow', 'a.feather', 'ARROW1'],
  ['avro', 'a.avro', 'Obj\u0001'],
  [
    'ods',
    'a.ods',
    'PK\u0003\u0004..........................mimetypeapplication/vnd.oasis.opendocument.spreadsheet',
  ],
  ['xlsx', 'a.xlsx', 'PK\u0003\u0004..........................[Content_Types].xml'],
  ['sqlite', 'a.db', 'SQLite format 3\u0000'],
  ['html', 'a.htm', '<!DOCTYPE html><table>'],
  ['xml', 'a.xml', '<?xml version="1.0"?><rows/>'],
  ['yaml', 'a.yml', undefined],
  ['msgpack', 'a.msgpack', undefined],
  ['cbor', 'a.cbor', undefined],
  ['bson', 'a.bson', undefined],
  ['toml', 'a.toml', undefined],
  ['fixed-width', 'a.fwf', undefined],
  ['geojson', 'a.geojson', '{"type":"FeatureCollection","features":[]}'],
] as const;

/** The packages of formats in this repository, by the names of the formats. */
const packages = readdirSync(join(here, '..'))
  .filter((name) => name.startsWith('format-') && existsSync(join(here, '..', name, 'package.json')))
  .map((name) => name.slice('format-'.length));

test('the packages that can be advised are those that there are', async () => {
  const { peerDependencies } = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'));
  expect(Object.keys(peerDependencies).toSorted()).toEqual(
    packages.map((name) => `@x/format-${name}`).toSorted(),
  );
  expect(recognized.map(([name]) => name)).toEqual(expect.arrayContaining(packages));
});

test('every package says the options of its format, so that a misspelt one can be told', async () => {
  const silent: string[] = [];
  for (const name of packages) {
    const factory = name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const { [factory]: format } = (await import(`@x/format-${name}`)) as Record<string, () => AnyFormat>;
    if (format!().optionNames === undefined) silent.push(name);
  }
  expect(silent).toEqual([]);
});

describe('a format that is in a package of its own, which is not installed', () => {
  test('the error names the package, if there is one', async ({ folder, put }) => {
    const [source] = await put({ 'table.csv': table(1) });
    const jobs: Job[] = [];
    const expected: unknown[] = [];
    for (const [name, file, content] of recognized) {
      const bytes = (text: string) => Buffer.from(text, 'latin1');
      await put({ [file]: bytes(content ?? 'x: y'), [`unnamed-${name}`]: bytes(content ?? '') });
      const asked: Job[] = [
        ['convert', file, 'out.csv'],
        ['convert', source!, `new-${file}`],
        ['bulkConvert', source!, 'out', { to: { format: name } }],
      ];
      if (content !== undefined && name !== 'geojson') asked.push(['convert', `unnamed-${name}`, 'out.csv']);
      const refusal = packages.includes(name)
        ? {
            code: 'FORMAT_NOT_INSTALLED',
            message: `${name} needs the package @x/format-${name}, which is not installed`,
            hint: `npm install @x/format-${name}`,
          }
        : {
            code: 'UNKNOWN_FORMAT',
            message: `${name} can be neither read nor written`,
            hint: expect.not.stringContaining(name),
          };
      jobs.push(...asked);
      expected.push(...asked.map(() => refusal));
    }
    // A place where none of them is installed.
    const run = await installed(folder, {});
    expect(await run(...jobs)).toEqual(expected);
    expect(await readdir(folder)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^out|^new-/)]));
  });

  test('a name that contradicts its content is told as ever', async ({ folder, put }) => {
    const [excel, text] = await put({ 'a.csv': 'PAR1', 'b.parquet': '{"a":1}\n' });
    for (const source of [excel!, text!]) {
      await expect(convert(source, join(folder, 'b.jsonl'))).rejects.toMatchObject({
        code: 'NAME_CONTRADICTS_CONTENT',
        message: expect.stringMatching(/parquet/),
      });
    }
  });

  test('a name that nothing knows: the near one is suggested, the package is asked for', async ({
    folder,
    put,
  }) => {
    const [source] = await put({ 'a.csv': table(1) });
    const run = (format: string) => convert(source!, join(folder, 'b'), { to: { format } });
    await expect(run('parket')).rejects.toMatchObject({
      hint: expect.stringContaining("did you mean 'parquet'?"),
    });
    await expect(run('../../evil')).rejects.toMatchObject({ code: 'UNKNOWN_FORMAT' });
  });
});

describe('a format that is given as a value', () => {
  test('reads and writes, by name, by extension and by magic', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': table(2) });
    const [packed, unnamed, back] = ['b.pairs.gz', 'unnamed', 'c.csv'].map((name) => join(folder, name));
    const formats = [pairs()];
    await convert(source!, packed!, { formats });
    await convert(packed!, unnamed!, { formats, to: { format: 'pairs' } });
    expect(await readFile(unnamed!, 'utf8')).toBe('PAIRS\nid=0;name=a\nid=1;name=a\n');
    await convert(unnamed!, back!, { formats });
    expect(await readFile(back!, 'utf8')).toBe(table(2));
  });

  test('content that looks like something else does not make its name wrong', async ({ put }) => {
    const { magic: _, ...plain } = pairs();
    const [source] = await put({ 'a.pairs': '{"a":1}\n' });
    expect(await detect(source!, { formats: [plain] })).toMatchObject({ format: 'pairs', method: 'name' });
  });

  test('what is no format is refused', async ({ folder }) => {
    await expect(convert([], join(folder, 'a.csv'), { formats: [pairs] } as object)).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringContaining('formats.0'),
    });
  });
});

describe('a package that is installed', () => {
  test('is found by extension, by name and by magic, also compressed and in threads', async ({
    folder,
    put,
  }) => {
    const format = await readFile(join(here, 'test/fixtures/pairs-format.mjs'), 'utf8');
    // It takes the name of one that is known, to be found by the signs of that one.
    const avro = format.replaceAll('pairs', 'avro').replaceAll('PAIRS', 'Obj\\u0001');
    const run = await installed(folder, { 'format-avro': avro, 'format-pairs': format });
    const [source] = await put({ 'in.csv': table(2), 'many/a.csv': table(2), 'many/b.csv': table(2) });
    const done = { failed: [] };
    expect(await run(['convert', source!, 'a.avro'])).toEqual([done]);
    expect(await readFile(join(folder, 'a.avro'), 'latin1')).toBe('Obj\u0001\nid=0;name=a\nid=1;name=a\n');
    await writeFile(join(folder, 'unnamed'), gzipSync(await readFile(join(folder, 'a.avro'))));
    const jobs: Job[] = [
      ['convert', 'unnamed', 'b.csv'],
      ['convert', source!, 'c', { to: { format: 'pairs' } }],
      ['bulkConvert', 'many', 'out', { to: 'avro', concurrency: 2 }],
    ];
    expect(await run(...jobs)).toEqual([done, done, done]);
    expect(await readFile(join(folder, 'b.csv'), 'utf8')).toBe(table(2));
    expect(await readFile(join(folder, 'c'), 'utf8')).toMatch(/^PAIRS\n/);
    expect(await readdir(join(folder, 'out'))).toEqual(['a.avro', 'b.avro']);
  });

  test('that does not load, lacks something itself, or gives no format, is told as such', async ({
    folder,
    put,
  }) => {
    const run = await installed(folder, {
      'format-avro': 'throw new Error("no luck");',
      'format-yaml': "import 'not-there';",
      'format-toml': 'export const toml = () => ({});',
    });
    const [source] = await put({ 'in.csv': table(2) });
    const expected = [
      ['a.avro', /@x\/format-avro cannot be loaded: Error: no luck/],
      ['a.yaml', /@x\/format-yaml cannot be loaded: .*not-there/],
      ['a.toml', /@x\/format-toml gives no format/],
    ] as const;
    expect(await run(...expected.map(([target]): Job => ['convert', source!, target]))).toMatchObject(
      expected.map(([, message]) => ({
        code: 'FORMAT_UNUSABLE',
        message: expect.stringMatching(message),
      })),
    );
  });
});
