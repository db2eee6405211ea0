import { fileURLToPath } from 'node:url';

import { childNodeArgs } from '@x/vitest-config/child-node';
import { describe, expect, test } from 'vitest';

import { type Exit, start } from '../src/child.ts';
import { splitWords } from '../src/command-line.ts';

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const convert = fileURLToPath(new URL('fixtures/convert.mjs', import.meta.url));
const cli = fileURLToPath(new URL('../src/lab-cli.ts', import.meta.url));

const lab = (...args: string[]): Promise<Exit> =>
  start([process.execPath, ...childNodeArgs, cli, ...args], { cwd: fixtures, env: { INIT_CWD: fixtures } })
    .exit;

const command = (how: string): string[] => [
  '--command',
  `"${process.execPath}" "${convert}" table.csv {target} ${how}`,
  '--target',
  'out.jsonl',
  '--input',
  'table.csv',
  '--part',
  'power-loss',
];

// The command runs TypeScript as it is.
describe.skipIf(childNodeArgs.length === 0)('the command', () => {
  test('examines any command line, and exits with 0 when nothing is broken', async () => {
    const { code, stdout, stderr } = await lab(...command(''));
    expect(stderr).toBe('');
    expect(stdout).toMatch(/power loss .* states, 0 violations/);
    expect(code).toBe(0);
  });

  test('exits with 1 when something is', async () => {
    const { code, stdout } = await lab(...command('--in-place'));
    expect(stdout).toMatch(/mixed: out\.jsonl: \d+ bytes after/);
    expect(code).toBe(1);
  });

  test('refuses a command whose output is another one each time', async () => {
    const { code, stderr } = await lab(...command('--clock'));
    expect(stderr).toContain('writes other bytes each time');
    expect(code).toBe(1);
  });

  test.each([
    [['--part', 'nothing'], 'There is no part nothing'],
    [['--what'], "Unknown option '--what'"],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, stderr } = await lab(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

test('words are split as a shell splits them', () => {
  expect(splitWords(String.raw`x convert "a b.csv" 'c "d"' e\ f --to=jsonl`)).toEqual([
    'x',
    'convert',
    'a b.csv',
    'c "d"',
    'e f',
    '--to=jsonl',
  ]);
});
