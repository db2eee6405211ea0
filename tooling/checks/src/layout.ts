import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Violation } from './workspace.ts';

const lineBudget = 400;

/** Drawers that collect what nobody found a name for. */
const drawers = new Set(['utils', 'util', 'helpers', 'helper', 'misc', 'common', 'shared', 'lib', 'core']);

/** What may lie at the top of the repository, so that it can be taken in at a glance. */
const topLevel = new Set(
  ['.changeset', '.ci', '.git', '.gitattributes', '.github', '.gitignore', '.oxfmtrc.json', '.oxlintrc.json']
    .concat([
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'examples',
      'knip.json',
      'node_modules',
      'package.json',
    ])
    .concat([
      'packages',
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      'reports',
      'tooling',
      'turbo.json',
      '.turbo',
    ]),
);

/** No file over the line budget, no drawer, nothing unexpected at the top. */
export function checkLayout(
  root: string,
  files: readonly string[],
  tracked?: readonly string[],
): Violation[] {
  const violations: Violation[] = [];
  for (const file of files) {
    const lines = readFileSync(join(root, file), 'utf8').split('\n').length - 1;
    if (lines > lineBudget) {
      violations.push({
        rule: 'lines',
        where: file,
        what: `${lines} lines; split it: ${lineBudget} is the most`,
      });
    }
    const drawer = file.split('/').find((part) => drawers.has(part.replace(/\..*$/, '')));
    if (drawer !== undefined) {
      violations.push({ rule: 'folder', where: file, what: `'${drawer}' names no stage of the job` });
    }
  }
  for (const name of tracked ?? readdirSync(root)) {
    if (!topLevel.has(name)) {
      violations.push({ rule: 'folder', where: name, what: 'does not belong at the top level' });
    }
  }
  return violations;
}
