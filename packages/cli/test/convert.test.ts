import { spawn } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished } from 'vitest';

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
    // That it is so anyway need not be known.
    expect((await x('convert', 'a.csv', 'a.csv', '--atomic', '--to', 'jsonl')).code).toBe(0);
    expect(await readFile(join(folder, 'a.csv'), 'utf8')).toBe(jsonl);
  });

  test.skipIf(process.platform === 'win32').for(['SIGINT', 'SIGTERM'] as const)(
    '%s leaves the old file and no temp [skipped: Windows has no FIFO]',
    async (signal, { folder, shell }) => {
      await shell('mkfifo a.csv');
      await writeFile(join(folder, 'b.jsonl'), 'old');
      // Rows without an end, so that it is at work whenever the signal comes.
      const feeder = spawn('sh', ['-c', 'exec yes 1,abc 1<>"$0"', join(folder, 'a.csv')], {
        stdio: 'ignore',
      });
      onTestFinished(() => void feeder.kill('SIGKILL'));
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

describe('options of x convert', () => {
  test('columns, names, null values and format options reach the engine', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.txt'), '1;"b;c";NA\n2;d;e\n');
    const options = '--from csv -d ; --no-header --rename column1=id --to-option delimiter=\\t';
    const ended = await x('convert', 'a.txt', 'b.csv', ...options.split(' '));
    expect(ended).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'b.csv'), 'utf8')).toBe('id\tcolumn2\tcolumn3\n1\tb;c\tNA\n2\td\te\n');
  });

  test('another encoding and a delimiter to be found out; without them, what to say', async ({
    folder,
    x,
  }) => {
    await writeFile(join(folder, 'a.csv'), Buffer.from('id;name\n1;Zoë\n2;b\n', 'latin1'));
    const refused = await x('convert', 'a.csv', 'b.jsonl');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--encoding latin1') });
    await x('convert', 'a.csv', 'b.jsonl', '--encoding', 'latin1', '-d', 'auto');
    expect(await readFile(join(folder, 'b.jsonl'), 'utf8')).toBe(
      '{"id":"1","name":"Zoë"}\n{"id":"2","name":"b"}\n',
    );
  });

  test('a column without a name, read or written: the flags that help do', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), 'id,\n1,a\n');
    const read = await x('convert', 'a.csv', 'b.jsonl');
    expect(read.stderr).toContain('--from-option onEmptyColumnName=rename or --no-header');
    await writeFile(join(folder, 'a.jsonl'), '{"":1}\n');
    const written = await x('convert', 'a.jsonl', 'b.csv');
    expect(written.stderr).toContain(
      `--rename '""=name', or leave the names out with --to-option header=false`,
    );
    for (const flags of [
      ['--rename', '""=name'],
      ['--to-option', 'header=false'],
    ]) {
      expect(await x('convert', 'a.jsonl', 'b.csv', ...flags)).toMatchObject({ code: 0 });
    }
    for (const flags of [['--from-option', 'onEmptyColumnName=rename'], ['--no-header']]) {
      expect(await x('convert', 'a.csv', 'b.jsonl', ...flags)).toMatchObject({ code: 0 });
    }
  });

  test('a file of zero bytes is damaged, whatever its encoding', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), Buffer.alloc(100));
    const { code, stderr } = await x('convert', 'a.csv', 'b.jsonl');
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('get it once more') });
  });

  test('rows that are skipped are counted, and where they are is said', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), 'id,name\n1,a\n2\n');
    const { code, stderr } = await x('convert', 'a.csv', 'b.jsonl', '--rejects', 'bad.jsonl');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^b\.jsonl: 1 row \(1 row skipped: bad\.jsonl\), /);
    const [reject] = (await readFile(join(folder, 'bad.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(reject!)).toMatchObject({ row: 2, line: 3, code: 'RAGGED_ROW' });
  });

  test('names that would command the terminal are shown, and harmless', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.jsonl'), '{"id":1}\n'.repeat(1000) + '{"\\u001b[2J":1}\n');
    const { code, stderr } = await x('convert', 'a.jsonl', 'b\u001B[2J.csv', '--on-extra-key', 'drop');
    expect(code).toBe(0);
    expect(stderr).toContain('b\\x1b[2J.csv: 1,001 rows');
    expect(stderr).toContain("column '\\x1b[2J'");
    expect(stderr).not.toContain('\u001B');
  });

  test('--flatten and --unflatten lead there and back', async ({ folder, x }) => {
    const nested = '{"id":"1","at":{"city":"Bern","x":{"y":"2"}}}\n';
    await writeFile(join(folder, 'a.jsonl'), nested);
    expect(await x('convert', 'a.jsonl', 'b.csv', '--flatten')).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'b.csv'), 'utf8')).toBe('id,at.city,at.x.y\n1,Bern,2\n');
    expect(await x('convert', 'b.csv', 'c.jsonl', '--unflatten')).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'c.jsonl'), 'utf8')).toBe(nested);
  });

  test('--mkdirs makes directories, and takes them away when nothing came into them', async ({
    folder,
    x,
  }) => {
    await writeFile(join(folder, 'a.csv'), csv);
    const missing = await x('convert', 'a.csv', 'd/e/b.jsonl');
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('--mkdirs') });
    await writeFile(join(folder, 'bad.csv'), `${csv}3,c,d\n`);
    expect(await x('convert', 'bad.csv', 'd/e/b.jsonl', '--mkdirs')).toMatchObject({ code: 1 });
    expect(await readdir(folder)).toEqual(['a.csv', 'bad.csv']);
    expect(await x('convert', 'a.csv', 'd/e/b.jsonl', '--mkdirs')).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'd/e/b.jsonl'), 'utf8')).toBe(jsonl);
  });

  test('--threads makes no other bytes', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), `id,name\n${'1,some name\n'.repeat(200_000)}`);
    const written = async (threads: string): Promise<Buffer> => {
      await x('convert', 'a.csv', `${threads}.jsonl.gz`, '--threads', threads);
      return readFile(join(folder, `${threads}.jsonl.gz`));
    };
    expect(await written('2')).toEqual(await written('1'));
    expect(await written('auto')).toEqual(await written('1'));
  });

  test('--level is the level of the codec', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), `${csv}${'3,c\n'.repeat(1000)}`);
    const sizes: number[] = [];
    for (const level of ['0', 'best']) {
      expect(await x('convert', 'a.csv', 'b.jsonl.gz', '--level', level)).toMatchObject({ code: 0 });
      sizes.push((await readFile(join(folder, 'b.jsonl.gz'))).length);
    }
    expect(sizes[0]).toBeGreaterThan(sizes[1]! * 10);
    const wrong = await x('convert', 'a.csv', 'b.jsonl.gz', '--level', 'bset');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--level bset') });
  });
});

describe('x convert --json', () => {
  test('the result is one JSON object on stdout', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), csv);
    const { code, stdout, stderr } = await x('convert', 'a.csv', 'b.jsonl', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'a.csv',
      destination: 'b.jsonl',
      rowsRead: 2,
      rowsWritten: 2,
      bytesRead: 21,
      bytesWritten: jsonl.length + 1,
      atomic: true,
      errors: [],
    });
  });

  test('an error is one JSON object on stderr', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), `${csv}03,c,d\n`);
    const { code, stdout, stderr } = await x('convert', 'a.csv', 'b.jsonl', '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({ code: 'RAGGED_ROW', path: 'a.csv', line: 4, column: 6, byteOffset: 26 });
    expect(error.hint).toContain('--on-ragged');
  });
});
