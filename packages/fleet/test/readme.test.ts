import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

import { scratchFolder } from './scratch.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code!);

/** Runs a program in a folder where this package is installed. */
function run(code: string, cwd: string): string {
  mkdirSync(join(cwd, 'node_modules', '@x'), { recursive: true });
  const link = join(cwd, 'node_modules', '@x', 'fleet');
  if (!existsSync(link)) symlinkSync(join(import.meta.dirname, '..'), link);
  const program = join(cwd, 'program.mjs');
  writeFileSync(program, code);
  return execFileSync(process.execPath, [...childNodeArgs, program], { cwd, encoding: 'utf8' });
}

test('the examples run', () => {
  expect(examples).toHaveLength(3);
  const folder = scratchFolder();
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in', 'a.csv'), 'id\n1\n');
  expect(run(examples[0]!, folder)).toMatch(/1 of 1\n\{ failed: 0, isComplete: true \}\n$/);
  run(examples[1]!, folder);
  expect(readFileSync(join(folder, 'out', '_SUCCESS'), 'utf8')).toContain('"destination":"a.jsonl.gz"');
  expect(run(examples[2]!, folder)).toBe("1 [ 'part-00000.jsonl', 'part-00001.jsonl' ]\n");
});
