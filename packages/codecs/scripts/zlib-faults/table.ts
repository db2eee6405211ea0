// Asks several releases of Node.js what their node:zlib and this package make of awkward data, and
// prints a table. The releases come from npm; the package must be built.
//
//   pnpm --filter @x/codecs zlib-faults [--write] [VERSION…]
//
// With --write the table replaces the one in README.md.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { nodeOf, nodeVersions } from '../nodes.ts';

interface Outcome {
  what: string;
  zlib: string;
  ours: string;
}

const readme = fileURLToPath(new URL('../../README.md', import.meta.url));
const probe = fileURLToPath(new URL('probe.mjs', import.meta.url));
const [begin, end] = ['<!-- zlib-faults: begin -->', '<!-- zlib-faults: end -->'];

const asked = process.argv.slice(2).filter((argument) => argument !== '--write');
const nodes = (asked.length > 0 ? asked : nodeVersions).map(nodeOf);
const names = nodes.map((node) => execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1));
const outcomes = nodes.map(
  (node) => JSON.parse(execFileSync(node, [probe], { encoding: 'utf8' })) as Outcome[],
);

const table = tableOf();
console.log(table);
if (process.argv.includes('--write')) {
  const text = readFileSync(readme, 'utf8');
  const [before = '', after = ''] = [text.split(begin)[0], text.split(end)[1]];
  writeFileSync(readme, `${before}${begin}\n\n${table}\n\n${end}${after}`);
}
if (outcomes.flat().some(({ ours }) => ours !== 'right')) process.exitCode = 1;

function tableOf(): string {
  const all = [...new Set(outcomes.flatMap((one) => one.map(({ what }) => what)))];
  const order = all.toSorted((a, b) => Number(!a.startsWith('zstd')) - Number(!b.startsWith('zstd')));
  const rows = order.map((what) => {
    const cells = outcomes.map((one) => one.find((outcome) => outcome.what === what));
    const wrong = cells.find((cell) => cell !== undefined && cell.ours !== 'right');
    const shownCells = cells.map((cell) => shown(cell?.zlib ?? '–')).join(' | ');
    return `| ${what} | ${shownCells} | ${shown(wrong?.ours ?? 'right')} |`;
  });
  const head = `|  | ${names.join(' | ')} | @x/codecs on all of them |`;
  return [head, head.replaceAll(/[^|]+/g, '---'), ...rows].join('\n');
}

function shown(outcome: string): string {
  return outcome === 'right' ? '✓' : outcome === '–' ? outcome : `**${outcome}**`;
}
