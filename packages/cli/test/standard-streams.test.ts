import { existsSync } from 'node:fs';
import { open, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';

import { start, startPreloaded, test } from './command.ts';

const csv = 'id,name\n01,a\n02,b\n';
const jsonl = '{"id":"01","name":"a"}\n{"id":"02","name":"b"}\n';

describe('- is stdin and stdout', () => {
  test('a file to a file, rows only on stdout', async ({ folder, shell }) => {
    await writeFile(join(folder, 'a'), csv);
    const { code, stderr } = await shell('x convert - - --from csv --to jsonl < a > b');
    expect(stderr).toMatch(/^stdout: 2 rows, 18 B → 46 B in /);
    expect(code).toBe(0);
    expect(await readFile(join(folder, 'b'), 'utf8')).toBe(jsonl);
  });

  test('a pipe, with both compressions spelled like the end of a name', async ({ folder, shell }) => {
    await writeFile(join(folder, 'a'), csv);
    const { stdout, stderr, code } = await shell(
      'gzip -c a | x convert - - -q --from csv.gz --to jsonl.gz | gzip -dc',
    );
    expect({ stdout, stderr, code }).toEqual({ stdout: jsonl, stderr: '', code: 0 });
  });

  test('the content tells what stdin is', async ({ folder, shell }) => {
    await writeFile(join(folder, 'a'), csv);
    const ended = await shell('gzip -c a | x convert - b.jsonl.gz -q');
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(gunzipSync(await readFile(join(folder, 'b.jsonl.gz'))).toString()).toBe(jsonl);
  });

  test('reading goes on where another program has stopped', async ({ folder, shell }) => {
    await writeFile(join(folder, 'a'), `a title\n${csv}`);
    const { stdout } = await shell('{ read title; x convert - - -q --from csv --to jsonl; } < a');
    expect(stdout).toBe(jsonl);
  });

  test('an error in stdin names its line', async ({ folder, shell }) => {
    await writeFile(join(folder, 'a'), `${csv}3,c,d\n`);
    const { code, stderr } = await shell('x convert - b.jsonl --from csv < a');
    expect(code).toBe(1);
    expect(stderr).toContain('\n  at stdin:4:5 (byte 22)\n');
    expect(await readdir(folder)).toEqual(['a']);
  });

  test('with --json and rows on stdout, the result is on stderr', async ({ folder, shell }) => {
    await writeFile(join(folder, 'a'), csv);
    const { stdout, stderr } = await shell('x convert - - --from csv --to jsonl --json < a');
    expect(stdout).toBe(jsonl);
    expect(JSON.parse(stderr)).toMatchObject({
      source: '-',
      destination: '-',
      rowsWritten: 2,
      atomic: false,
    });
  });

  test('an empty stdin is a missing format, not a hang', async ({ shell }) => {
    expect(await shell('x convert - b.csv < /dev/null')).toMatchObject({ code: 2 });
  });
});

describe('a reader that has had enough ends the command quietly', () => {
  const rows = 'id,name\n' + '1,abcdefghijklmnopqrstuvwxyz\n'.repeat(200_000);

  test.for([
    'x convert a.csv - --to jsonl',
    'x convert - - --from csv --to jsonl < a.csv',
    'cat a.csv | x convert - - --to jsonl.gz',
    'x head a.csv -n 100000',
    'x convert a.csv - --to jsonl --json',
  ])('%s | head -c 1', async (command, { folder, shell }) => {
    await writeFile(join(folder, 'a.csv'), rows);
    const { stdout, stderr } = await shell(`{ ${command}; echo $? >&2; } | head -c 1`);
    expect({ length: stdout.length, stderr }).toEqual({ length: 1, stderr: '0\n' });
  });

  test.for([
    ['no reader', '| true', 0],
    ['a full disk', '> /dev/full', 1],
  ] as const)(
    '--version and %s: no stack, and %s ends with its own code',
    async ([, where, code], { shell }) => {
      // A reader that has gone before anything is written, which takes longer than to go.
      const { stdout, stderr } = await shell(`{ x --version; echo "code $?" >&2; } ${where}`);
      expect(stdout).toBe('');
      expect(stderr.trimEnd().split('\n').at(-1)).toBe(`code ${code}`);
      expect(stderr).not.toContain('node:');
    },
  );

  test('a full disk behind stdout is a failure', async ({ folder, shell }) => {
    await writeFile(join(folder, 'a.csv'), csv);
    const ended = await shell(
      'x convert a.csv - --to jsonl > /dev/full; echo $?; x head a.csv > /dev/full; echo $?',
    );
    expect(ended.stdout).toBe('1\n1\n');
    expect(ended.stderr).toContain('  at stdout\n');
    expect(ended.stderr).toContain('x: no space is left on the disk\n');
  });
});

describe('an interrupt while the source is silent', () => {
  // More than is looked at to tell what it is, so that the run has begun.
  const rows = csv + '03,c\n'.repeat(200_000);

  const tempIn = async (folder: string): Promise<void> => {
    while (!(await readdir(folder)).includes('b.jsonl.tmp')) await new Promise(setImmediate);
  };

  test.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends x convert - with %i', async ([signal, expected], { folder }) => {
    await writeFile(join(folder, 'b.jsonl'), 'old');
    const { child, ended } = start(folder, 'convert', '-', 'b.jsonl', '--from', 'csv');
    child.stdin!.on('error', () => {}).write(rows);
    await tempIn(folder);
    child.kill(signal);
    const { code, stderr } = await ended;
    expect(code).toBe(expected);
    expect(stderr).toMatch(
      /^x: interrupted by \S+\n {2}nothing was published: b\.jsonl is what it was before\n$/,
    );
    expect(await readFile(join(folder, 'b.jsonl'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['b.jsonl']);
  });

  test('SIGINT ends x convert of a named pipe', async ({ folder, shell }) => {
    await shell('mkfifo in');
    await writeFile(join(folder, 'b.jsonl'), 'old');
    const { child, ended } = start(folder, 'convert', 'in', 'b.jsonl', '--from', 'csv');
    // A pipe that gives some rows and then nothing, without an end.
    const pipe = await open(join(folder, 'in'), 'w');
    await pipe.write(rows);
    await tempIn(folder);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    await pipe.close();
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('interrupted by Ctrl-C') });
    expect(await readFile(join(folder, 'b.jsonl'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['b.jsonl', 'in']);
  });

  test('a second Ctrl-C ends at once what the first cannot end, and leaves no temp', async ({
    folder,
    shell,
  }) => {
    await shell('mkfifo out');
    await writeFile(join(folder, 'a.csv'), csv);
    await writeFile(join(folder, 'bad.jsonl'), 'old');
    // A pipe that nobody reads: its opening cannot be taken back.
    const words = ['convert', 'a.csv', 'out', '--to', 'jsonl', '--rejects', 'bad.jsonl'];
    const { child, ended } = startPreloaded({ file: 'tell-open.mjs' }, folder, ...words);
    // An interrupt before it waits for the pipe would end it by itself.
    while (!existsSync(join(folder, 'asked'))) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await readdir(folder)).toContain('bad.jsonl.tmp');
    while (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await ended;
    expect(child.signalCode).toBe('SIGINT');
    expect(await readFile(join(folder, 'bad.jsonl'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.csv', 'asked', 'bad.jsonl', 'out']);
  });
});
