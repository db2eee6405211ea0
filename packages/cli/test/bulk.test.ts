import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';

import { test as base } from './command.ts';

const test = base.extend<{ files: string }>({
  files: async ({ folder }, use) => {
    await mkdir(join(folder, 'in/deep'), { recursive: true });
    await writeFile(join(folder, 'in/a.csv'), 'id\n1\n');
    await writeFile(join(folder, 'in/b.tsv'), 'id\tn\n1\t2\n3\t4\n');
    await writeFile(join(folder, 'in/deep/c.csv'), 'id\n5\n');
    await use(folder);
  },
});

describe('x bulk', () => {
  test('converts files, folders and patterns, and sums up', async ({ files, x }) => {
    const { code, stdout, stderr } = await x(
      'bulk',
      'in',
      '-r',
      '--preserve-dirs',
      '-o',
      'out',
      '--to',
      'jsonl.gz',
    );
    expect(stderr).toMatch(/^3 of 3 files converted, 4 rows, 23 B → \d+ B in [\d.]+ s\n$/);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect((await readdir(join(files, 'out'), { recursive: true })).toSorted()).toEqual([
      'a.jsonl.gz',
      'b.jsonl.gz',
      'deep',
      'deep/c.jsonl.gz',
    ]);
    expect(gunzipSync(await readFile(join(files, 'out/deep/c.jsonl.gz'))).toString()).toBe('{"id":"5"}\n');
  });

  test('a file that fails is told of, with exit code 1, and the others are there', async ({ files, x }) => {
    await writeFile(join(files, 'in/bad.csv'), 'id\n1,2\n');
    const { code, stderr } = await x('bulk', 'in/*.csv', '-o', 'out', '--to', '{stem}-new.csv', '--quiet');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^x: .*2 cells.*\n {2}at in\/bad\.csv:2:3 \(byte 5\)\n {2}\S.*\n$/);
    expect(await readdir(join(files, 'out'))).toEqual(['a-new.csv']);
  });

  test('where there is no terminal, every file that failed is told of', async ({ files, x }) => {
    for (let i = 10; i < 40; i += 1) await writeFile(join(files, `in/bad${i}.csv`), 'id\n1,2\n');
    const { stderr } = await x('bulk', 'in', '-o', 'out', '--to', 'csv', '--quiet');
    expect(stderr.match(/at in\/bad\d\d\.csv:2/g)).toHaveLength(30);
    expect(stderr).not.toContain('more');
  });

  test('--json gives one object with every file, in order', async ({ files, x }) => {
    await writeFile(join(files, 'in/bad.csv'), 'id\n1,2\n');
    const { code, stdout, stderr } = await x(
      'bulk',
      'in/a.csv',
      'in/bad.csv',
      '-o',
      'out',
      '--to',
      'csv',
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ succeeded: 1, failed: 1, rowsWritten: 1 });
    expect(told.files).toMatchObject([
      { source: 'in/a.csv', status: 'succeeded', result: { rowsWritten: 1 } },
      { source: 'in/bad.csv', status: 'failed', error: { code: 'RAGGED_ROW', line: 2 } },
    ]);
  });

  test('a second run with --on-exists skip does only what is left', async ({ files, x }) => {
    const words = ['bulk', 'in', '-o', 'out', '--to', 'jsonl', '--on-exists', 'skip', '--manifest', 'm.json'];
    expect(await x(...words)).toMatchObject({ code: 0, stderr: expect.stringContaining('2 of 2 files') });
    await writeFile(join(files, 'in/d.csv'), 'id\n7\n');
    const { stderr } = await x(...words);
    expect(stderr).toMatch(/^1 of 3 files converted, 2 skipped, 1 row, /);
  });

  test('two sources with one output are refused before anything is written', async ({ files, x }) => {
    await writeFile(join(files, 'in/a.tsv'), 'id\n1\n');
    const { code, stderr } = await x('bulk', 'in', '-o', 'out', '--to', 'jsonl');
    expect(code).toBe(1);
    expect(stderr).toContain('a.jsonl');
    // In the words of the command line.
    expect(stderr).toContain('--preserve-dirs keeps folders apart');
    expect(await readdir(files)).toEqual(['in']);
  });

  test('--to-codec and --level apart from the name', async ({ files, x }) => {
    const done = await x(
      'bulk',
      'in/a.csv',
      '-o',
      'out',
      '--to',
      'jsonl',
      '--to-codec',
      'gzip',
      '-l',
      'best',
    );
    expect(done).toMatchObject({ code: 0 });
    expect(gunzipSync(await readFile(join(files, 'out/a.jsonl.gz'))).toString()).toBe('{"id":"1"}\n');
  });

  test('an output folder that disappears midway: no advice that bulk has no option for', async ({
    files: _files,
    shell,
  }) => {
    const { code, stderr } = await shell(
      `mkfifo b.csv; x bulk in/a.csv b.csv in/deep/c.csv -j 1 -o out --to jsonl --no-atomic --quiet &
      for _ in {1..400}; do [ -e out/a.jsonl ] && break; sleep 0.05; done
      exec 3> b.csv; rm -r out; echo id >&3; exec 3>&-; wait $!`,
    );
    expect(stderr).toMatch(
      /x: the folder out was there in this run, and is gone\n {2}at out\/c\.jsonl\n {2}see what /,
    );
    expect(stderr).not.toContain('--mkdirs');
    expect(code).toBe(1);
  });

  test('limited addresses, as on a cluster: no thread that Node.js dies of', async ({
    files,
    shell,
    task,
  }) => {
    if (process.platform !== 'linux') task.context.skip('limits addresses as Linux does');
    // Enough for one thread of Node.js 20, which for the memories of WebAssembly has no way with less.
    const { code, stderr } = await shell(`ulimit -v 45000000; x bulk in -r -j 2 -o out --to jsonl`);
    expect(stderr).toMatch(/^3 of 3 files converted/);
    expect(code).toBe(0);
    expect(await readdir(join(files, 'out'))).toHaveLength(3);
  });

  describe('whose manifest cannot be written', () => {
    /** Files of 1 KiB at most, which the outputs are, and the manifest of ten is not. */
    const limited = "trap '' XFSZ; ulimit -f 1; ";
    const manifestError = {
      code: 'MANIFEST_NOT_WRITTEN',
      problem: expect.stringContaining('the manifest could not be written: EFBIG'),
      path: 'm.json',
    };

    const withManyFiles = test.extend<{ many: string }>({
      many: async ({ files, task }, use) => {
        if (process.platform === 'win32') task.context.skip('there is no limit of file sizes');
        for (let i = 0; i < 9; i += 1) await writeFile(join(files, `in/c${i}.csv`), 'id\n1\n');
        await writeFile(join(files, 'in/d.csv'), 'id\n1,2\n');
        await use(files);
      },
    });

    withManyFiles('tells what became of the files, and then that', async ({ many, shell }) => {
      const words = "x bulk 'in/*.csv' -o out --to jsonl --manifest m.json";
      const { code, stderr } = await shell(limited + words);
      expect(stderr).toMatch(
        /^x: a row of 2 cells.*\n.*\n.*\n10 of 11 files converted, 1 failed, .*\nx: the manifest could not be written: EFBIG.*\n {2}at m\.json\n {2}mend that .*\n$/,
      );
      expect(code).toBe(1);
      expect((await readdir(many)).toSorted()).toEqual(['in', 'out']);
    });

    withManyFiles('tells both as JSON, each on its stream', async ({ many, shell }) => {
      const words = "x bulk 'in/c*.csv' -o out --to jsonl --manifest m.json --json";
      const { code, stdout, stderr } = await shell(limited + words);
      expect(JSON.parse(stdout)).toMatchObject({ succeeded: 9, failed: 0, files: { length: 9 } });
      expect(JSON.parse(stderr)).toMatchObject({ error: manifestError });
      expect(code).toBe(1);
      expect(await readdir(many)).not.toContain('m.json');
    });

    withManyFiles('tells it of a run that was interrupted, too', async ({ many, shell }) => {
      // The last source is a pipe that nobody writes to.
      const { code, stderr } = await shell(
        `mkfifo wait.csv; set -m
        (trap : TERM; ${limited} x bulk 'in/c*.csv' wait.csv -j 1 -o out --to jsonl --manifest m.json) &
        for _ in {1..400}; do [ -e out/c8.jsonl ] && break; sleep 0.05; done
        kill -TERM -- -$!; wait $!`,
      );
      expect(stderr).toMatch(/x: the manifest could not be written: EFBIG[^]*x: interrupted by SIGTERM/);
      expect(code).toBe(143);
      expect(await readdir(join(many, 'out'))).toHaveLength(9);
    });
  });
});
