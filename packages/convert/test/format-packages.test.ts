import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';

import { childNodeArgs, programPath } from '@x/vitest-config/child-node';

import { convert, detect } from '@x/convert';

import { pairs } from './fixtures/pairs-format.mjs';
import { table, test } from './scratch.ts';

const here = join(import.meta.dirname, '..');

type Call = [how: 'one' | 'bulk', from: string, to: string, options?: object];

/** Convert beside packages of formats, and no others; gives ways to run it. */
async function installed(folder: string, packages: Readonly<Record<string, string>>) {
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
  for (const [name, text] of Object.entries(packages)) {
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
      `const outcomes = [];\n` +
      `for (const [how, from, to, options] of JSON.parse(process.argv[2])) {\n` +
      `  const run = how === 'bulk' ? bulkConvert : convert;\n` +
      `  outcomes.push(await run(from, to, options ?? {}).then(\n` +
      `    ({ files }) => ({ failed: files?.filter(({ error }) => error).map(String) ?? [] }),\n` +
      `    ({ name, code, message, hint, format, path }) => ({ name, code, message, hint, format, path }),\n` +
      `  ));\n` +
      `}\n` +
      `console.log(JSON.stringify(outcomes));\n`,
  );
  const runs = async (...calls: readonly Call[]): Promise<unknown[]> => {
    const command = [...childNodeArgs, join(folder, 'run.mjs'), JSON.stringify(calls)];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: folder });
    return JSON.parse(stdout) as unknown[];
  };
  return { runs, run: async (...call: Call) => (await runs(call))[0] };
}

describe('a format that is in a package of its own, which is not installed', () => {
  const files = [
    [
      'ods',
      'a.ods',
      'PK\u0003\u0004..........................mimetypeapplication/vnd.oasis.opendocument.spreadsheet',
    ],
    ['html', 'a.htm', '<!DOCTYPE html><table>'],
    ['yaml', 'a.yml', undefined],
    ['msgpack', 'a.msgpack', undefined],
    ['cbor', 'a.cbor', undefined],
    ['bson', 'a.bson', undefined],
    ['toml', 'a.toml', undefined],
    ['fixed-width', 'a.fwf', undefined],
    ['geojson', 'a.geojson', '{"type":"FeatureCollection","features":[]}'],
  ] as const;

  test('the error names the package', async ({ folder, put }) => {
    const { runs } = await installed(folder, {});
    const out = join(folder, 'out');
    await mkdir(out);
    const [source] = await put({ 'table.csv': table(1) });
    const sources = await put(
      Object.fromEntries(files.map(([, file, content]) => [file, Buffer.from(content ?? 'x: y', 'latin1')])),
    );
    const calls = files.map(([name, file], i): Call[] => [
      ['one', sources[i]!, join(out, 'out.csv')],
      ['one', source!, join(out, `new-${file}`)],
      ['one', source!, join(out, 'out.csv'), { to: { format: name } }],
      ['bulk', source!, out, { to: { format: name } }],
    ]);
    const outcomes = await runs(...calls.flat());
    const missing = files.map(([name]) => ({
      name: 'ConvertError',
      code: 'FORMAT_NOT_INSTALLED',
      format: name,
      message: expect.stringContaining(`@x/format-${name}`),
      hint: `npm install @x/format-${name}`,
    }));
    expect(outcomes).toMatchObject(missing.flatMap((one) => [one, one, one, one]));
    expect(outcomes.filter((_, i) => i % 4 === 0)).toMatchObject(sources.map((path) => ({ path })));
    expect(await readdir(out)).toEqual([]);
  });

  test.for(files)('%s is recognized', async ([name, file, content], { put }) => {
    const [source, unnamed] = await put({
      [file]: Buffer.from(content ?? 'x: y', 'latin1'),
      unnamed: Buffer.from(content ?? '', 'latin1'),
    });
    expect((await detect(source!)).format).toBe(name);
    if (content !== undefined && name !== 'geojson') {
      expect(await detect(unnamed!)).toMatchObject({ format: name, method: 'content', confidence: 1 });
    }
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
    const { run } = await installed(folder, { 'format-avro': avro, 'format-pairs': format });
    const [source] = await put({ 'in.csv': table(2), 'many/a.csv': table(2), 'many/b.csv': table(2) });
    const done = { failed: [] };
    expect(await run('one', source!, 'a.avro')).toEqual(done);
    expect(await readFile(join(folder, 'a.avro'), 'latin1')).toBe('Obj\u0001\nid=0;name=a\nid=1;name=a\n');
    await writeFile(join(folder, 'unnamed'), gzipSync(await readFile(join(folder, 'a.avro'))));
    expect(await run('one', 'unnamed', 'b.csv')).toEqual(done);
    expect(await readFile(join(folder, 'b.csv'), 'utf8')).toBe(table(2));
    expect(await run('one', source!, 'c', { to: { format: 'pairs' } })).toEqual(done);
    expect(await readFile(join(folder, 'c'), 'utf8')).toMatch(/^PAIRS\n/);
    expect(await run('bulk', 'many', 'out', { to: 'avro', concurrency: 2 })).toEqual(done);
    expect(await readdir(join(folder, 'out'))).toEqual(['a.avro', 'b.avro']);
  });

  test('that does not load, lacks something itself, or gives no format, is told as such', async ({
    folder,
    put,
  }) => {
    const { run } = await installed(folder, {
      'format-avro': 'throw new Error("no luck");',
      'format-yaml': "import 'not-there';",
      'format-toml': 'export const toml = () => ({});',
    });
    const [source] = await put({ 'in.csv': table(2) });
    for (const [target, message] of [
      ['a.avro', /@x\/format-avro cannot be loaded: Error: no luck/],
      ['a.yaml', /@x\/format-yaml cannot be loaded: .*not-there/],
      ['a.toml', /@x\/format-toml gives no format/],
    ] as const) {
      expect(await run('one', source!, target)).toMatchObject({
        code: 'FORMAT_UNUSABLE',
        message: expect.stringMatching(message),
      });
    }
  });
});
