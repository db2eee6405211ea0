import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

import { test } from './command.ts';

describe('bad usage is exit code 2, in three lines', () => {
  test.for([
    [['convert', 'a.csv'], "missing required argument 'out'", 'x convert --help'],
    [['convert', 'a', 'b', '--quite'], "unknown option '--quite'", 'did you mean --quiet?'],
    [['convrt'], "unknown command 'convrt'", 'did you mean convert?'],
    [['convert', 'a', 'b', '--durability', 'some'], "'some' is invalid", 'x convert --help'],
    [['bulk', 'a'], "'-o, --out <dir>' not specified", 'x bulk --help'],
    [['convert', 'a', '-'], 'the standard output does not say its format', '--to jsonl'],
    [['convert', 'a', 'b', '--rename', 'id'], '--rename id', '--rename id=number'],
    [['convert', 'a', 'b', '--from-codec', 'rar'], '--from-codec rar', 'gzip'],
    [
      ['convert', 'a', 'b', '--to', 'csv.gz', '--to-codec', 'zstd'],
      'do not agree',
      '--to csv --to-codec zstd',
    ],
    [['head', 'a', '--rows', '-1'], '--rows -1', ''],
    [['sweep', '.', '--min-age', 'long'], '--min-age long', '10m'],
  ] as const)('%s', async ([words, what, todo], { x, folder }) => {
    const { code, stdout, stderr } = await x(...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(what);
    expect(stderr).toContain(todo);
    expect(stderr.startsWith('x: ')).toBe(true);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
    expect(await readdir(folder)).toEqual([]);
  });

  test.for([
    [['convert', 'a.csv', 'b.jsnl'], "did you mean 'b.jsonl'?"],
    [['convert', 'a.csv', 'b.x', '--to', 'jsnl'], "did you mean 'jsonl'?"],
    [['convert', 'a.csv', 'b.jsonl', '--from', 'cvs'], "did you mean 'csv'?"],
    [['convert', 'a.csv', 'b.what'], 'say what it is with --from or --to'],
    [['convert', 'a.csv', 'b.csv.gz', '--level', '99'], '0 to 9'],
    [['convert', 'a.csv', 'b.csv.gz', '--level', 'besst'], 'best'],
    [['convert', 'a.csv', 'b.csv.gz', '--threads', '0'], 'from 1 on'],
    [['convert', 'a.csv', 'b.csv', '--level', '3'], 'option --level is for compressed data'],
    [['convert', 'a.csv', 'b.csv', '--from-option', 'delimeter=;'], 'did you mean --delimiter?'],
    [['convert', 'a.csv', 'b.csv', '--from-option', 'skipLine=1'], 'did you mean --from-option skipLines?'],
    [['convert', 'a.csv', 'b.csv', '--from-option', 'quoting=all'], 'did you mean --to-option quoting?'],
    [['convert', 'a.csv', 'b.csv', '--to-option', 'xyz=1'], '--to-option xyz: csv has no such option'],
    [['convert', 'a.csv', 'b.yamlx'], 'nothing says the format of this file'],
  ] as const)(
    'what there is not is bad usage, and nothing is written: %s',
    async ([words, todo], { folder, x }) => {
      await writeFile(join(folder, 'a.csv'), 'id\n1\n');
      const { code, stderr } = await x(...words);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(todo) });
      expect(await readdir(folder)).toEqual(['a.csv']);
    },
  );

  test('an option that the engine refuses is bad usage too', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), 'id\n1\n');
    const { code, stderr } = await x('convert', 'a.csv', 'b.csv', '--delimiter', 'ab');
    expect(code).toBe(2);
    expect(stderr).toContain('delimiter');
  });

  test('with --json it is a JSON object', async ({ x }) => {
    const { code, stderr } = await x('convert', 'a', 'b', '--quite', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stderr).error).toEqual({
      code: 'BAD_USAGE',
      problem: "unknown option '--quite'",
      usage: 'x convert <in> <out> [options]',
      hint: 'did you mean --quiet? x convert --help shows all that is possible',
    });
  });
});

describe('help', () => {
  test.for(['convert', 'bulk', 'completion'])(
    'x %s --help teaches by example, on stdout',
    async (name, { x }) => {
      const { code, stdout, stderr } = await x(name, '--help');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Examples:');
      expect(stdout).toMatch(new RegExp(`\\n {2}(?:source <\\()?x ${name} `));
    },
  );

  test('x alone shows what there is, as help does', async ({ x }) => {
    const [alone, help] = await Promise.all([x(), x('help')]);
    expect(alone).toMatchObject({ code: 2, stdout: '' });
    expect(help).toMatchObject({ code: 0, stderr: '', stdout: alone.stderr });
  });

  test('x help of a command is its --help; of what there is not, an error that knows the near one', async ({
    x,
  }) => {
    const [asked, help, wrong] = await Promise.all([
      x('help', 'bulk'),
      x('bulk', '--help'),
      x('help', 'convrt'),
    ]);
    expect(asked).toEqual(help);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/^x: unknown command 'convrt'\n.*\n {2}did you mean convert\?/);
  });

  test('choices and defaults are said in one form', async ({ x }) => {
    const words = (await x('convert', '--help')).stdout.replaceAll(/\s+/g, ' ');
    expect(words).toContain('too few or too many cells: error | skip | pad | truncate (default: error)');
    expect(words).toContain('when the command ends: full | data | none (default: full)');
  });

  test('--version is the version of the package', async ({ x }) => {
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8'));
    expect(await x('--version')).toEqual({ code: 0, stderr: '', stdout: `${version}\n` });
  });
});

describe('failures', () => {
  test.for([
    ['there is no such file', ['convert', 'no.csv', 'b.csv'], 'no.csv'],
    ['the source is a directory', ['convert', 'dir', 'b.csv'], 'dir'],
    ['the destination is a directory', ['convert', 'a.csv', 'dir'], 'dir'],
    ['there is no such file', ['inspect', 'no.csv'], 'no.csv'],
    ['there is no such file', ['head', 'no.csv'], 'no.csv'],
    ['zstd', ['convert', 'fake.csv.zst', 'b.csv'], 'fake.csv.zst'],
  ] as const)('%s: %s', async ([what, words, where], { folder, shell }) => {
    await writeFile(join(folder, 'a.csv'), 'id\n1\n');
    await writeFile(join(folder, 'fake.csv.zst'), 'id\n1\n');
    const { code, stdout, stderr } = await shell(`mkdir dir; x ${words.join(' ')}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const [first, second, third, ...rest] = stderr.trimEnd().split('\n');
    expect(first).toContain(what);
    expect(second).toBe(`  at ${where}`);
    expect(third).toMatch(/^ {2}\S/);
    expect(rest).toEqual([]);
  });

  test.skipIf(process.platform === 'win32' || process.getuid!() === 0)(
    'a folder that is read-only: permission denied (skipped for root and on Windows)',
    async ({ folder, shell }) => {
      await writeFile(join(folder, 'a.csv'), 'id\n1\n');
      const { code, stderr } = await shell('mkdir -m 555 dir; x convert a.csv dir/b.jsonl');
      expect(code).toBe(1);
      expect(stderr).toMatch(/^x: permission denied\n {2}at .*b\.jsonl\n {2}it takes the right/);
    },
  );

  test('--debug adds the stack, and nothing else does', async ({ x }) => {
    const plain = await x('convert', 'no.csv', 'b.csv');
    const debug = await x('convert', 'no.csv', 'b.csv', '--debug');
    expect(plain.stderr).not.toContain('    at ');
    expect(debug.stderr).toContain(plain.stderr);
    expect(debug.stderr).toContain('    at ');
  });

  test('what a file says cannot command the terminal', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), 'id,n\u001B[31mame\n1,\u001B]0;gotcha\u0007\n');
    const { stdout } = await x('inspect', 'a.csv');
    expect(stdout).toContain(String.raw`\x1b]0;gotcha\x07`);
    expect(stdout).not.toContain('\u001B');
  });
});
