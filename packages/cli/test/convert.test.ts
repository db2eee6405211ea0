import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';

import { start, test } from './command.ts';

const csv = 'id,name\n01,Zoë\n02,b\n';
const jsonl = '{"id":"01","name":"Zoë"}\n{"id":"02","name":"b"}\n';

describe('x convert', () => {
  test('converts, says what it did on stderr and nothing on stdout', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), csv);
    const { code, stdout, stderr } = await x('convert', 'a.csv', 'b.jsonl.gz');
    expect(stderr).toMatch(/^b\.jsonl\.gz: 2 rows, 21 B → \d+ B in [\d.]+ s\n$/);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(gunzipSync(await readFile(join(folder, 'b.jsonl.gz'))).toString()).toBe(jsonl);
  });

  test('--quiet says nothing; --from and --to name the formats', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.txt'), csv);
    const ended = await x('convert', 'a.txt', 'b.txt', '--from', 'csv', '--to', 'jsonl', '--quiet');
    expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await readFile(join(folder, 'b.txt'), 'utf8')).toBe(jsonl);
  });

  test('a failure is three lines, exit code 1, and leaves the old file', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), `${csv}03,c,d\n`);
    await writeFile(join(folder, 'b.jsonl'), 'old');
    const { code, stderr } = await x('convert', 'a.csv', 'b.jsonl');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^x: .*3 cells.*2 columns.*\n {2}at a\.csv:4:6 \(byte 26\)\n {2}\S.*\n$/);
    expect(await readFile(join(folder, 'b.jsonl'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.csv', 'b.jsonl']);
  });

  test('--no-atomic writes straight into the file', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), csv);
    const refused = await x('convert', 'a.csv', 'a.csv', '--no-atomic', '--to', 'jsonl');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('the same file') });
    expect((await x('convert', 'a.csv', 'a.csv', '--to', 'jsonl')).code).toBe(0);
    expect(await readFile(join(folder, 'a.csv'), 'utf8')).toBe(jsonl);
  });

  test.for(['SIGINT', 'SIGTERM'] as const)(
    '%s leaves the old file and no temp',
    async (signal, { folder }) => {
      await writeFile(join(folder, 'a.csv'), `id,name\n${'1,abc\n'.repeat(3_000_000)}`);
      await writeFile(join(folder, 'b.jsonl'), 'old');
      const { child, ended } = start(folder, 'convert', 'a.csv', 'b.jsonl');
      while (child.exitCode === null && !(await readdir(folder)).includes('b.jsonl.tmp')) {
        await new Promise(setImmediate);
      }
      child.kill(signal);
      const { code } = await ended;
      expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(await readFile(join(folder, 'b.jsonl'), 'utf8')).toBe('old');
      expect(await readdir(folder)).toEqual(['a.csv', 'b.jsonl']);
    },
  );
});

describe('usage', () => {
  test('bad usage is exit code 2 and suggests the near option', async ({ x }) => {
    expect(await x('convert', 'a.csv')).toMatchObject({ code: 2, stderr: expect.stringContaining("'out'") });
    expect(await x('convert', 'a', 'b', '--quite')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--quiet'),
    });
    expect(await x('convrt')).toMatchObject({ code: 2, stderr: expect.stringContaining('convert') });
    expect(await x('convert', 'a', 'b', '--durability', 'some')).toMatchObject({ code: 2 });
  });

  test('--help and --version go to stdout, with exit code 0', async ({ x }) => {
    const help = await x('convert', '--help');
    expect(help).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('x convert orders.csv'),
    });
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8'));
    expect(await x('--version')).toEqual({ code: 0, stderr: '', stdout: `${version}\n` });
  });
});
