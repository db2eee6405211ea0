import { spawnSync } from 'node:child_process';
import { linkSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect } from 'vitest';

import { width } from '../src/output/visible-text.ts';
import { type Ended, startOnTerminal, test as base } from './command.ts';

// util-linux's `script` gives a terminal; other systems have another program of that name, or none.
const scripted = spawnSync('sh', ['-c', 'script --version'], { encoding: 'utf8' }).stdout.includes(
  'util-linux',
);
const test = base.skipIf(!scripted);

/** Erases what stands to the right of the cursor. */
const toEndOfLine = '\u001B[K';

/** 400,000 rows of 29 bytes: far more than is on its way when the first bar is drawn. */
function manyRows(): string {
  const lines = ['id,name'];
  for (let row = 0, state = 1; row < 400_000; row += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const digits = `${state}${Math.imul(state, 22_695_477) >>> 0}`.padEnd(26, String(row % 977));
    lines.push(`1,${digits.slice(0, 26)}`);
  }
  return `${lines.join('\n')}\n`;
}
const rows = manyRows();

const bulk = ['bulk', 'in', '--out', 'out', '--to', 'jsonl'] as const;

/** Types Ctrl-C when a bar with that text has been drawn, beyond which the command does not get before. */
async function interruptedAt(text: string, folder: string, words: readonly string[]): Promise<Ended> {
  const preloaded = { file: 'hold-bar.mjs', told: { HOLD_AT: text } };
  const { child, ended } = startOnTerminal(folder, words, preloaded);
  let shown = '';
  let isTyped = false;
  child.stdout!.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    if (!isTyped && shown.includes(text)) {
      isTyped = true;
      child.stdin!.write('\u0003');
    }
    // The terminal shows it when it has sent the signal.
    if (shown.includes('^C')) writeFileSync(join(folder, 'go'), '');
  });
  child.stdin!.on('error', () => {});
  const outcome = await ended;
  await rm(join(folder, 'go'));
  return outcome;
}

describe('on a terminal (skipped without the script of util-linux)', () => {
  test('a bar is redrawn in place and gone at the end', async ({ folder }) => {
    await writeFile(join(folder, 'a.csv'), rows);
    const preloaded = { file: 'hold-bar.mjs' };
    const { child, ended } = startOnTerminal(folder, ['convert', 'a.csv', 'b.jsonl.gz'], preloaded);
    child.stdin!.on('error', () => {});
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /\rb\.jsonl\.gz {2}\S+━.* \d+% {2}[\d.]+ MB of 11\.6 MB {2}[\d,]+ rows {2}.*\/s {2}\d+:\d\d left/,
    );
    const drawn = stdout.split('\r').filter((line) => line.includes('left'));
    expect(drawn.length).toBeGreaterThan(1);
    for (const line of drawn) expect(line.endsWith(toEndOfLine)).toBe(true);
    // The bar is wiped before the last word is said, which stands on a line of its own.
    const [, last] = stdout.split(`\r${toEndOfLine}`);
    expect(last).toMatch(/^b\.jsonl\.gz: 400,000 rows, 11\.6 MB → .*\r\n$/);
  });

  test.for([
    { how: 'that begins a run', flags: ['--detach'] },
    { how: 'alone', flags: [] },
  ])(
    'x bulk $how says that it looks for files, and Ctrl-C leaves nothing of it',
    async ({ flags }, { folder }) => {
      await mkdir(join(folder, 'in'));
      await writeFile(join(folder, 'in', 'a.csv'), 'id\n1\n');
      for (let i = 0; i < 3000; i += 1) linkSync(join(folder, 'in/a.csv'), join(folder, `in/${i}.csv`));
      const words = [...bulk, ...flags];
      const { code, stdout } = await interruptedAt('looking for files: 1,000', folder, words);
      expect(stdout).toMatch(/\rout {2}looking for files: 1,000 found {2}0:\d\d/);
      expect(code).toBe(130);
      const left = await readdir(folder, { recursive: true });
      expect(left.filter((name) => !name.startsWith('in') && !/^out(?:\/\.xrun)?$/.test(name))).toEqual([]);
    },
  );

  test.for([
    { flags: [], where: '--json or 2> errors.txt tells of each' },
    { flags: ['--manifest', 'm.json'], where: 'each is in m.json' },
  ])(
    'x bulk $flags tells of the first errors, and how many of which kind there are besides',
    async ({ flags, where }, { folder }) => {
      await mkdir(join(folder, 'in'));
      for (let i = 10; i < 40; i += 1)
        await writeFile(join(folder, `in/${i}.csv`), i < 36 ? 'id\n1,2\n' : 'id\n"');
      const { child, ended } = startOnTerminal(folder, [...bulk, ...flags]);
      child.stdin!.on('error', () => {});
      const { code, stdout } = await ended;
      expect(code).toBe(1);
      const lines = stripVTControlCharacters(stdout).split('\r\n');
      expect(lines.filter((line) => line.startsWith('  at in/'))).toHaveLength(20);
      expect(lines.slice(-4)).toEqual([
        'x: 10 more files failed: 6 RAGGED_ROW, 4 OPEN_QUOTE',
        `  ${where}`,
        expect.stringMatching(/^0 of 30 files converted, 30 failed in /),
        '',
      ]);
    },
  );

  test('Ctrl-C wipes the bar, leaves the old file and no temp, and exits with 130', async ({ folder }) => {
    await writeFile(join(folder, 'a.csv'), rows);
    await writeFile(join(folder, 'b.jsonl.gz'), 'old');
    const words = ['convert', 'a.csv', 'b.jsonl.gz'];
    const { code, stdout } = await interruptedAt('left', folder, words);
    expect(code).toBe(130);
    // The terminal shows ^C behind the bar. On a full line it would wrap, and the bar stay above.
    for (const drawn of stdout.split('\r').filter((line) => line.includes('left'))) {
      expect(width(stripVTControlCharacters(drawn).replace(/\^C.*/s, ''))).toBeLessThanOrEqual(
        100 - '^C'.length,
      );
    }
    const [, last] = stdout.split(`\r${toEndOfLine}`);
    expect(last).toMatch(/^x: .*interrupted by Ctrl-C.*\r\n {2}nothing was published: .*\r\n$/);
    expect(await readFile(join(folder, 'b.jsonl.gz'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.csv', 'b.jsonl.gz']);
  });

  test('rows can be typed, and Ctrl-D ends them', async ({ folder }) => {
    const { child, ended } = startOnTerminal(folder, ['convert', '-', 'b.jsonl', '--from', 'csv']);
    let shown = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      const before = shown.includes('Ctrl-D');
      shown += chunk.toString();
      if (!before && shown.includes('Ctrl-D')) child.stdin!.write('id,name\n1,a\n\u0004');
    });
    expect((await ended).code).toBe(0);
    expect(await readFile(join(folder, 'b.jsonl'), 'utf8')).toBe('{"id":"1","name":"a"}\n');
  });

  test('head is a table as wide as the terminal, with colours unless they are refused', async ({
    folder,
  }) => {
    const names = Array.from({ length: 30 }, (_, i) => `column_${i}`);
    await writeFile(join(folder, 'a.csv'), `${names.join(',')}\n${names.join(',')}\n`);
    const coloured = await startOnTerminal(folder, ['head', 'a.csv']).ended;
    const plain = await startOnTerminal(folder, ['head', 'a.csv', '--no-color']).ended;
    expect(coloured.stdout).toContain('\u001B[1mcolumn_0');
    expect(plain.stdout).not.toContain('\u001B');
    const lines = plain.stdout.split('\r\n');
    expect(lines[0]).toMatch(/^column_0 {2}column_1 {2}/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
    expect(lines[3]).toMatch(/^… and \d+ more: column_/);
  });

  test('compressed bytes are not written to it', async ({ folder }) => {
    await writeFile(join(folder, 'a.csv'), 'id\n1\n');
    const { code, stdout } = await startOnTerminal(folder, ['convert', 'a.csv', '-', '--to', 'csv.gz']).ended;
    expect(code).toBe(2);
    expect(stdout).toContain('not written to a terminal');
  });
});
