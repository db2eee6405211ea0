import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';

import { test } from './command.ts';

const jsonl =
  '{"id":1,"name":"Zoë","at":{"x":1.5}}\n{"id":2,"name":null,"at":{"x":2}}\n{"id":3,"name":"東京"}\n';

describe('x inspect', () => {
  test('says format, compression, size, rows, columns with types, and shows a sample', async ({
    folder,
    x,
  }) => {
    await writeFile(join(folder, 'a.jsonl.gz'), gzipSync(jsonl));
    const { code, stdout, stderr } = await x('inspect', 'a.jsonl.gz', '--rows', '2');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`a.jsonl.gz
  format       jsonl (by its content)
  compression  gzip
  size         ${gzipSync(jsonl).length} B
  rows         3
  columns      3

  column  type     nulls  example
  ──────  ───────  ─────  ─────────
  id      integer      0  1
  name    string       1  Zoë
  at      json         1  {"x":1.5}

  id  name  at
  ──  ────  ─────────
   1  Zoë   {"x":1.5}
   2  null  {"x":2}
`);
  });

  test('--json says the same to programs', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.jsonl'), jsonl);
    const { stdout } = await x('inspect', 'a.jsonl', '--json', '-n', '1');
    expect(JSON.parse(stdout)).toMatchObject({
      path: 'a.jsonl',
      format: 'jsonl',
      codec: 'identity',
      bytes: Buffer.byteLength(jsonl),
      rows: 3,
      columns: [
        { name: 'id', type: 'integer', nulls: 0, example: 1 },
        { name: 'name', type: 'string', nulls: 1, example: 'Zoë' },
        { name: 'at', nulls: 1, example: { x: 1.5 } },
      ],
      sample: [{ id: 1, name: 'Zoë', at: { x: 1.5 } }],
    });
  });

  test('reads stdin, whose compression its first bytes tell', async ({ folder, shell }) => {
    await writeFile(join(folder, 'a'), gzipSync('id,name\n1,a\n'));
    const { code, stdout } = await shell('cat a | x inspect - --json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ format: 'csv', codec: 'gzip', rows: 1, path: '-' });
  });

  test('--from says what neither name nor content does', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.txt'), 'id\n1\n');
    expect(await x('inspect', 'a.txt')).toMatchObject({ code: 2, stderr: expect.stringContaining('--from') });
    const { stdout } = await x('inspect', 'a.txt', '--from', 'csv', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'csv',
      method: 'explicit',
      codec: 'identity',
      rows: 1,
    });
  });

  test('--no-count stops early, and a bad row after that is not seen', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), `id,name\n${'1,a\n'.repeat(400_000)}1,a,b\n`);
    const counted = await x('inspect', 'a.csv');
    expect(counted).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('a.csv:400002') });
    const { code, stdout } = await x('inspect', 'a.csv', '--no-count');
    expect(code).toBe(0);
    expect(stdout).toContain('rows         more than 1,000\n');
  });

  test('a header without rows is a file with columns', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), 'id,name\n');
    const { stdout } = await x('inspect', 'a.csv', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      rows: 0,
      columns: [{ name: 'id' }, { name: 'name' }],
      sample: [],
    });
  });
});

describe('x head', () => {
  const csv = `id,name\n${Array.from({ length: 50 }, (_, i) => `0${i},n${i}\n`).join('')}`;

  test('gives ten rows as JSON Lines where there is no terminal', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv.gz'), gzipSync(csv));
    const { code, stdout, stderr } = await x('head', 'a.csv.gz');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = stdout.trimEnd().split('\n');
    expect(rows).toHaveLength(10);
    expect(JSON.parse(rows[9]!)).toEqual({ id: '09', name: 'n9' });
  });

  test('-n and --to: so many rows, in another format', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), csv);
    expect(await x('head', 'a.csv', '-n', '2', '--to', 'tsv')).toMatchObject({
      code: 0,
      stdout: 'id\tname\n00\tn0\n01\tn1\n',
    });
    expect(await x('head', 'a.csv', '-n', '0')).toMatchObject({ code: 0, stdout: '' });
  });

  test('-3 is three rows, as the head of Unix has it', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), 'id\n1\n2\n3\n4\n');
    const three = { code: 0, stderr: '', stdout: '{"id":"1"}\n{"id":"2"}\n{"id":"3"}\n' };
    expect(await x('head', 'a.csv', '-3')).toEqual(three);
    expect(await x('head', '-3', 'a.csv')).toEqual(three);
  });

  test('--json is one object', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), csv);
    const { stdout } = await x('head', 'a.csv', '-n', '1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ path: 'a.csv', rows: [{ id: '00', name: 'n0' }] });
  });

  test('a bad row after the ones shown is no matter; one among them is', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), 'id,name\n1,a\n2\n');
    expect(await x('head', 'a.csv', '-n', '5')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a.csv:3'),
    });
  });
});

describe('what is odd about a file is said on stderr', () => {
  const warning = /^x: warning: .*all of the source is one column, "a;b".*--delimiter ';'/;

  test('by head, inspect, convert and bulk', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), 'a;b\n1;2\n3\n');
    for (const words of [
      ['head', 'a.csv'],
      ['inspect', 'a.csv'],
      ['convert', 'a.csv', 'b.jsonl'],
      ['bulk', 'a.csv', '--out', '.', '--to', 'jsonl'],
    ]) {
      const { code, stderr } = await x(...words);
      expect({ words, code, stderr }).toEqual({ words, code: 0, stderr: expect.stringMatching(warning) });
    }
    const { stdout } = await x('inspect', 'a.csv', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ warnings: [expect.stringContaining('one column')] });
  });

  test('and a file with another name is read for what it is', async ({ folder, x }) => {
    await writeFile(join(folder, 'a.csv'), 'a;b\n1;2\n');
    const { stdout, stderr } = await x('head', 'a.csv');
    expect({ stdout, stderr }).toEqual({ stdout: '{"a":"1","b":"2"}\n', stderr: '' });
    expect((await x('inspect', 'a.csv')).stdout).toContain('ssv (by its content)');
  });

  test('a name that is nearly one that is there', async ({ folder, x }) => {
    await writeFile(join(folder, 'orders.csv'), 'a\n');
    const { code, stderr } = await x('head', join(folder, 'ordres.csv'));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`did you mean '${join(folder, 'orders.csv')}'?`),
    });
    expect((await x('head', 'x.parquet')).stderr).toContain('check the path');
  });
});
