import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { describe, expect } from 'vitest';
import * as z from 'zod';

import { childNodeArgs } from '@x/vitest-config/child-node';

import { convert, type ConvertOptions } from '@x/convert';

import { pairs } from './fixtures/pairs-format.mjs';
import { canListOpenFiles, openFilesIn } from './open-files.ts';
import { table, test as base } from './scratch.ts';

const hasZstd = 'zstdCompressSync' in zlib;
const hasOwners = process.getuid !== undefined;

/** As one who is not root, who reads and writes everything. */
async function asNobody(source: string, target: string, options: ConvertOptions): Promise<unknown> {
  const program = join(import.meta.dirname, 'fixtures/convert-as-nobody.mjs');
  const args = [...childNodeArgs, program, source, target, JSON.stringify(options)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const outcome: unknown = JSON.parse(stdout);
  return outcome;
}

/** `refused` tries an atomic conversion over an old file, gives the error, and sees that nothing has changed. */
const test = base.extend<{ refused: (source: string, options?: ConvertOptions) => Promise<unknown> }>({
  refused: async ({ folder }, use) => {
    await use(async (source, options = {}) => {
      await mkdir(join(folder, 'out'), { recursive: true });
      await writeFile(join(folder, 'out/b.jsonl'), 'old');
      const run = convert(source, join(folder, 'out/b.jsonl'), { atomic: true, ...options });
      const error: unknown = await run.then(
        () => 'it resolved',
        (reason: unknown) => reason,
      );
      expect(await readFile(join(folder, 'out/b.jsonl'), 'utf8')).toBe('old');
      expect(await readdir(join(folder, 'out'))).toEqual(['b.jsonl']);
      return error;
    });
  },
});

describe('sources', () => {
  test('missing, a directory, of no format', async ({ folder, put, refused }) => {
    const [odd] = await put({ 'odd.xyz': Buffer.from([0, 1, 2]) });
    expect(await refused(join(folder, 'no.csv'))).toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    expect(await refused(join(odd!, 'below-a-file.csv'))).toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    expect(await refused(folder)).toMatchObject({ code: 'SOURCE_IS_DIRECTORY' });
    expect(await refused(odd!)).toMatchObject({
      code: 'UNKNOWN_FORMAT',
      path: odd,
      hint: expect.stringMatching(/csv.*jsonl.*from\.format/s),
    });
  });

  test.skipIf(!hasOwners)('unreadable [skipped: needs owners of files]', async ({ folder, put }) => {
    const [secret, target] = await put({ 'a.csv': table(1), 'out/b.jsonl': 'old' });
    await chmod(folder, 0o777);
    await chmod(secret!, 0);
    expect(await asNobody(secret!, target!, { atomic: true })).toEqual({
      code: 'SOURCE_UNREADABLE',
      path: secret,
      hint: 'read permission is needed',
    });
    expect(await readFile(target!, 'utf8')).toBe('old');
  });

  test('truncated and corrupt gzip', async ({ put, refused }) => {
    const whole = zlib.gzipSync(table(50_000));
    const broken = Buffer.from(whole);
    broken[broken.length - 6]! ^= 1;
    const [cut, corrupt, trailing] = await put({
      'cut.csv.gz': whole.subarray(0, whole.length / 2),
      'corrupt.csv.gz': broken,
      'trailing.csv.gz': Buffer.concat([whole, Buffer.from('garbage')]),
    });
    expect(await refused(cut!)).toMatchObject({ name: 'ConvertError', code: 'TRUNCATED', path: cut });
    expect(await refused(corrupt!)).toMatchObject({ code: 'CHECKSUM', path: corrupt });
    expect(await refused(trailing!)).toMatchObject({ code: 'TRAILING_DATA', path: trailing });
  });

  test.skipIf(!hasZstd)(
    'truncated and corrupt zstd [skipped: this Node.js has no zstd]',
    async ({ put, refused }) => {
      const params = { [zlib.constants.ZSTD_c_checksumFlag]: 1 };
      const whole = zlib.zstdCompressSync(table(50_000), { params });
      const broken = Buffer.from(whole);
      broken[broken.length - 1]! ^= 1;
      const [cut, corrupt] = await put({
        'cut.csv.zst': whole.subarray(0, whole.length - 10),
        'corrupt.csv.zst': broken,
      });
      expect(await refused(cut!)).toMatchObject({ code: 'TRUNCATED', path: cut });
      expect(await refused(corrupt!)).toMatchObject({
        code: expect.stringMatching(/CHECKSUM|CORRUPT/),
        path: corrupt,
      });
    },
  );

  test('zstd where this Node.js cannot: said at once, nothing written', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': table(1) });
    const run = convert(source!, join(folder, 'b.jsonl.zst'), { atomic: true });
    if (hasZstd) await run;
    else await expect(run).rejects.toMatchObject({ code: 'UNAVAILABLE', path: join(folder, 'b.jsonl.zst') });
    expect(await readdir(folder)).toEqual(hasZstd ? ['a.csv', 'b.jsonl.zst'] : ['a.csv']);
  });

  test('text that is not UTF-8, with its place', async ({ put, refused }) => {
    const [latin1] = await put({ 'a.csv': Buffer.from('id,name\n1,Zoe\n2,Zo\xeb\n', 'latin1') });
    expect(await refused(latin1!)).toMatchObject({
      code: 'INVALID_TEXT',
      path: latin1,
      line: 3,
      byteOffset: 18,
    });
  });

  test('ragged rows, open quotes, headers without a name or with one twice', async ({ put, refused }) => {
    const files = await put({
      'short.csv': `${table(1)}2\n`,
      'long.csv': `${table(1)}2,b,c\n`,
      'quote.csv': `${table(1)}2,"b\n`,
      'twice.csv': 'id,id\n1,2\n',
      'nameless.csv': 'id,\n1,2\n',
    });
    const codes = ['RAGGED_ROW', 'RAGGED_ROW', 'OPEN_QUOTE', 'DUPLICATE_COLUMN', 'EMPTY_COLUMN_NAME'];
    for (const [i, path] of files.entries()) {
      expect(await refused(path)).toMatchObject({
        code: codes[i],
        path,
        format: 'csv',
        line: expect.any(Number),
      });
    }
  });

  test('JSON Lines that are not', async ({ put, refused }) => {
    const files = await put({ 'a.jsonl': '{"a":1}\n{"a":\n', 'b.jsonl': '{"a":1}\n[1]\n' });
    const codes = ['INVALID_JSON', 'NOT_AN_OBJECT'];
    for (const [i, path] of files.entries()) {
      expect(await refused(path)).toMatchObject({ code: codes[i], path, line: 2 });
    }
  });
});

describe('empty and odd, but valid', () => {
  test.for<[string, string | Buffer, string, string]>([
    ['a.csv', '', 'b.jsonl', ''],
    ['a.csv', '', 'b.csv', ''],
    ['a.jsonl', '', 'b.csv', ''],
    ['a.csv.gz', zlib.gzipSync(''), 'b.jsonl', ''],
    ['a.csv', 'id,name\n', 'b.csv', 'id,name\n'],
    ['a.csv', 'id,name', 'b.csv', 'id,name\n'],
    ['a.csv', 'id,name\n', 'b.jsonl', ''],
  ])('%s with %o to %s', async ([name, content, output, expected], { folder, put }) => {
    const [source] = await put({ [name]: content });
    for (const atomic of [true, false]) {
      const result = await convert(source!, join(folder, output), { atomic });
      expect(result).toMatchObject({ rowsRead: 0, rowsWritten: 0 });
      expect(await readFile(join(folder, output), 'utf8')).toBe(expected);
    }
  });

  test('an empty output in gzip is a valid gzip file', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': '' });
    await convert(source!, join(folder, 'b.jsonl.gz'));
    expect(zlib.gunzipSync(await readFile(join(folder, 'b.jsonl.gz'))).length).toBe(0);
  });

  test('a table of 10,000 columns', async ({ folder, put }) => {
    const columns = Array.from({ length: 10_000 }, (_none, i) => `c${i}`);
    const text = `${columns.join(',')}\n${columns.map((_name, i) => i).join(',')}\n`;
    const [source] = await put({ 'a.csv': text });
    const [lines, back] = [join(folder, 'b.jsonl'), join(folder, 'c.csv')];
    await convert(source!, lines);
    await convert(lines, back);
    expect(await readFile(back, 'utf8')).toBe(text);
  });

  test('a line of 100 MB is refused with its place', async ({ put, refused }) => {
    const [source] = await put({ 'a.csv': `id,text\n1,${'x'.repeat(1e8)}\n2,y\n` });
    expect(await refused(source!)).toMatchObject({
      code: 'LIMIT',
      path: source,
      line: 2,
      hint: expect.stringContaining('maxRecordBytes'),
    });
  });

  test('a line of 60 MB is a line like any other', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': `id,text\n1,${'x'.repeat(6e7)}\n2,y\n` });
    const target = join(folder, 'b.jsonl');
    await convert(source!, target, { atomic: true, durability: 'none' });
    const [head, last] = ['{"id":"1","text":"', '{"id":"2","text":"y"}\n'];
    const written = await readFile(target);
    expect(written.length).toBe(head.length + 6e7 + '"}\n'.length + last.length);
    expect(written.subarray(-last.length).toString()).toBe(last);
  });
});

describe('destinations', () => {
  test('in a directory that is missing, or that is a file', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': table(1) });
    for (const atomic of [true, false]) {
      for (const target of ['no/b.jsonl', 'a.csv/b.jsonl']) {
        const path = join(folder, target);
        await expect(convert(source!, path, { atomic })).rejects.toMatchObject({
          code: 'DESTINATION_NOT_FOUND',
          path,
          hint: expect.any(String),
        });
      }
    }
    expect(await readdir(folder)).toEqual(['a.csv']);
  });

  test.skipIf(!hasOwners)(
    'in a directory that is read-only, and a file that is [skipped: needs owners of files]',
    async ({ folder, put }) => {
      const [source, old] = await put({ 'a.csv': table(1), 'out/b.jsonl': 'old' });
      await chmod(folder, 0o777);
      await chmod(source!, 0o644);
      await chmod(join(folder, 'out'), 0o555);
      await chmod(old!, 0o444);
      for (const atomic of [true, false]) {
        for (const path of [old!, join(folder, 'out/new.jsonl')]) {
          expect(await asNobody(source!, path, { atomic })).toEqual({
            code: 'EACCES',
            path,
            hint: expect.any(String),
          });
        }
      }
      expect(await readFile(old!, 'utf8')).toBe('old');
      expect(await readdir(join(folder, 'out'))).toEqual(['b.jsonl']);
    },
  );

  test('a format that fails at its end, plain and compressed: the old file stays', async ({
    folder,
    put,
  }) => {
    const [source] = await put({ 'a.csv': table(1), 'out/b.pairs': 'old', 'out/b.pairs.gz': 'old' });
    const format = {
      ...pairs(),
      createWriter: () => ({
        write: async () => {},
        finish: async () => {
          throw new Error('no end');
        },
      }),
    };
    for (const name of ['b.pairs', 'b.pairs.gz']) {
      const target = join(folder, 'out', name);
      await expect(convert(source!, target, { atomic: true, formats: [format] })).rejects.toThrow('no end');
      expect(await readFile(target, 'utf8')).toBe('old');
    }
    expect(await readdir(join(folder, 'out'))).toEqual(['b.pairs', 'b.pairs.gz']);
  });

  test('two runs at once on one destination: it holds the whole of one, and no temp stays', async ({
    folder,
    put,
  }) => {
    const [one, two] = await put({ 'one.csv': table(20_000, 'one'), 'two.csv': table(20_000, 'two') });
    const [target, wanted] = [join(folder, 'b.jsonl'), join(folder, 'wanted')];
    await Promise.all([one!, two!, one!, two!].map((source) => convert(source, target, { atomic: true })));
    const written = await readFile(target, 'utf8');
    const name = written.includes('"one"') ? one! : two!;
    await convert(name, wanted, { to: { format: 'jsonl' } });
    expect(written).toBe(await readFile(wanted, 'utf8'));
    expect((await readdir(folder)).toSorted()).toEqual(['b.jsonl', 'one.csv', 'two.csv', 'wanted']);
  });
});

test.skipIf(!canListOpenFiles)(
  'no file stays open, however the run ends [skipped: only Linux lists open files]',
  async ({ folder, put }) => {
    const [good, bad] = await put({ 'good.csv': table(10), 'bad.csv': `${table(10)}x\n` });
    const target = join(folder, 'b.jsonl');
    for (const atomic of [true, false]) {
      await convert(good!, target, { atomic });
      for (const source of [bad!, join(folder, 'missing.csv'), folder]) {
        await expect(convert(source, target, { atomic })).rejects.toBeInstanceOf(Error);
      }
      await expect(convert(good!, join(folder, 'no/b.jsonl'), { atomic })).rejects.toBeInstanceOf(Error);
      await expect(convert(good!, target, { atomic, to: { format: 'none' } })).rejects.toBeInstanceOf(Error);
    }
    expect(await openFilesIn(folder)).toEqual([]);
  },
);

describe('options', () => {
  test('zero, negative and broken numbers', async ({ put, refused }) => {
    const [source] = await put({ 'a.csv': table(1) });
    for (const option of ['batchSize', 'scanLimit', 'progressInterval']) {
      for (const value of [0, -1, 0.5, Number.NaN, -Infinity, '5', null]) {
        expect(await refused(source!, { [option]: value })).toMatchObject({
          code: 'BAD_OPTION',
          message: expect.stringContaining(option),
        });
      }
    }
    expect(await refused(source!, { to: { level: 1.5 } })).toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringContaining('to.level (1.5)'),
    });
  });

  test('a value that an option does not take: the error says which it takes', async ({ put, refused }) => {
    const [source] = await put({ 'a.csv': table(1) });
    for (const [options, message] of [
      [{ scanLimit: '5' }, `option scanLimit ('5'): expected a whole number from 1 on, or Infinity`],
      [{ types: 'all' }, `option types ('all'): expected 'infer', 'text', or types by column`],
      [{ rejects: 5 }, 'option rejects (5): expected a path or a file URL'],
      [{ to: { threads: 'all' } }, `option to.threads ('all'): expected a whole number from 1 on, or 'auto'`],
      [{ onError: 'no' }, `option onError ('no'): Invalid option: expected one of "throw"|"skip"`],
    ] as const) {
      // All the other options would be no help.
      expect(await refused(source!, options as object)).toMatchObject({ message, hint: undefined });
    }
  });

  test('an unknown one is refused, and the near one suggested', async ({ put, refused }) => {
    const [source] = await put({ 'a.csv': table(1) });
    for (const [wrong, right] of [
      ['atomc', 'atomic'],
      ['batchsize', 'batchSize'],
      ['onerror', 'onError'],
      ['renames', 'rename'],
    ] as const) {
      expect(await refused(source!, { [wrong]: true })).toMatchObject({
        code: 'BAD_OPTION',
        message: expect.stringContaining(`'${wrong}'`),
        hint: expect.stringContaining(`did you mean '${right}'?`),
      });
    }
    expect(await refused(source!, { xyzzy: 1 } as ConvertOptions)).toMatchObject({
      hint: expect.stringMatching(/^options are atomic/),
    });
  });

  test('are told of in English, whatever language an application has chosen for its own zod', async ({
    put,
    refused,
  }) => {
    const [source] = await put({ 'a.csv': table(1) });
    z.config(z.locales.fr());
    try {
      expect(z.number().safeParse('x').error!.message).toContain('Entrée invalide');
      expect(await refused(source!, { batchSize: 0 })).toMatchObject({
        message: 'option batchSize (0): Too small: expected number to be >=1',
      });
    } finally {
      z.config(z.locales.en());
    }
  });

  test('rejects in a directory that is missing', async ({ folder, put, refused }) => {
    const [source] = await put({ 'a.csv': table(1) });
    const rejects = join(folder, 'no/rejects.jsonl');
    expect(await refused(source!, { onError: 'skip', rejects })).toMatchObject({
      name: 'ConvertError',
      code: 'ENOENT',
      path: rejects,
    });
  });
});

test('rows that are lost on the way fail the run, and nothing is published', async ({ folder, put }) => {
  const [source, target] = await put({ 'a.liar': '', 'out/b.jsonl': 'old' });
  const schema = { columns: [{ name: 'a', type: { kind: 'any' } }] } as const;
  const liar = {
    ...pairs(),
    name: 'liar',
    extensions: ['.liar'],
    // It speaks of three rows, and has two.
    createReader: () => ({
      schema: async () => schema,
      async *[Symbol.asyncIterator]() {
        const rows = () => [[1], [2]];
        yield { schema, rowCount: 3, firstRow: 0, layout: { kind: 'rows' } as const, rows };
      },
    }),
  };
  const run = convert(source!, target!, { atomic: true, formats: [liar], flatten: true });
  await expect(run).rejects.toMatchObject({
    code: 'ROWS_LOST',
    message: expect.stringContaining('1 of 3 rows'),
  });
  expect(await readFile(target!, 'utf8')).toBe('old');
  expect(await readdir(join(folder, 'out'))).toEqual(['b.jsonl']);
});
