import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

import { scratchFolder } from './scratch.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code!);

/** Runs a program beside this package, as somebody who has installed it would. */
function run(code: string, cwd: string): string {
  const program = `process.chdir(${JSON.stringify(cwd)});\n${code}`;
  const args = [...childNodeArgs, '--input-type=module', '--eval', program];
  return execFileSync(process.execPath, args, { cwd: new URL('..', import.meta.url), encoding: 'utf8' });
}

test('the examples run', () => {
  expect(examples).toHaveLength(2);
  const folder = scratchFolder();
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'in', 'a.csv'), 'id\n1\n');
  expect(run(examples[0]!, folder)).toMatch(/1 of 1\n\{ failed: 0, isComplete: true \}\n$/);
  run(examples[1]!, folder);
  expect(readFileSync(join(folder, 'out', '_SUCCESS'), 'utf8')).toContain('"destination":"a.jsonl.gz"');
});
