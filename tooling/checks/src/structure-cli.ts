import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { checkStructure } from './structure.ts';

const root = join(import.meta.dirname, '../../..');
// What git tracks, so that somebody's scratch file at the top does not fail their run.
const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
const topLevelNames = new Set(
  tracked
    .trim()
    .split('\n')
    .map((path) => path.split('/', 1)[0]!),
);
const violations = checkStructure(root, [...topLevelNames]);
for (const { rule, where, what } of violations) console.error(`${rule}: ${where}: ${what}`);
console.log(
  violations.length === 0 ? 'structure: as designed' : `structure: ${violations.length} violations`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
