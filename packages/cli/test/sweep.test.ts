import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

import { start, test } from './command.ts';

describe('x sweep', () => {
  test('removes the temp of a killed run, and says which', async ({ folder, x }) => {
    const { child, ended } = start(folder, 'convert', '-', 'b.jsonl', '--from', 'csv');
    child.stdin!.on('error', () => {}).write(`id\n${'1\n'.repeat(200_000)}`);
    while (!(await readdir(folder)).includes('b.jsonl.tmp')) await new Promise(setImmediate);
    const alive = await x('sweep', 'b.jsonl');
    expect(alive).toMatchObject({ code: 0, stdout: '', stderr: '0 temps removed\n' });
    child.kill('SIGKILL');
    await ended;
    const dry = await x('sweep', 'b.jsonl', '--dry-run');
    expect(dry).toEqual({ code: 0, stdout: 'b.jsonl.tmp\n', stderr: '1 temp would be removed\n' });
    expect(await readdir(folder)).toEqual(['b.jsonl.tmp']);
    const swept = await x('sweep', 'b.jsonl', '--json');
    expect(JSON.parse(swept.stdout)).toEqual({ removed: [join(folder, 'b.jsonl.tmp')], warnings: [] });
    expect(await readdir(folder)).toEqual([]);
  });

  test('leaves what is not a temp of ours', async ({ folder, x }) => {
    await writeFile(join(folder, 'notes.tmp'), 'mine');
    expect(await x('sweep', '.')).toMatchObject({ code: 0, stderr: '0 temps removed\n' });
    expect(await readdir(folder)).toEqual(['notes.tmp']);
  });

  test('a directory that is not there is a failure', async ({ x }) => {
    expect(await x('sweep', 'no/such')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no/such'),
    });
  });
});
