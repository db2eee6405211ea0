/**
 * run.ts [--rounds N]: how long the command takes to start, against what Node.js itself takes.
 *
 * Whole processes of what `pnpm build` has made, one after the other and in turns, so that whatever
 * slows the machine for a while slows them all. Figures are medians; × is the ratio to `node -e 0`.
 * Goals: at most 1.6 for `x --version`, 2.5 for a conversion of 1 kB.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '25' } } });
const rounds = Number(values.rounds);
const program = join(import.meta.dirname, '../dist/main.js');
const folder = mkdtempSync(join(tmpdir(), 'cli-bench-'));

const rows = Array.from({ length: 32 }, (_, i) => `${i},Zoë Müller,"a ""note"", quoted",${i}.5\n`);
writeFileSync(join(folder, 'small.csv'), `id,customer,note,amount\n${rows.join('')}`);

/** Without a folder that is the user's own, the command keeps nothing of what was compiled. */
const nothingKept = { HOME: '', XDG_CACHE_HOME: '', LOCALAPPDATA: '' };
const kept = { ...nothingKept, XDG_CACHE_HOME: folder, LOCALAPPDATA: folder };
const convert = [program, 'convert', 'small.csv', 'small.jsonl'];

const contestants: readonly (readonly [name: string, args: readonly string[], env: NodeJS.ProcessEnv])[] = [
  ['node -e 0', ['-e', '0'], nothingKept],
  ['x --version', [program, '--version'], nothingKept],
  ['x convert --help', [program, 'convert', '--help'], kept],
  ['x convert, 1 kB of CSV to JSON Lines', convert, kept],
  ['the same, where nothing has been kept yet', convert, nothingKept],
];

function timed(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr.toString()}`);
  return performance.now() - start;
}

const median = (times: readonly number[]): number =>
  times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)]!;

try {
  const times = contestants.map((): number[] => []);
  // The first round warms up.
  for (let round = -1; round < rounds; round += 1) {
    for (const [i, [, args, env]] of contestants.entries()) {
      const time = timed(args, env);
      if (round >= 0) times[i]!.push(time);
    }
  }
  console.log(`Node.js ${process.version}, ${availableParallelism()} cores, ${rounds} rounds`);
  for (const [i, [name]] of contestants.entries()) {
    const [own, node] = [median(times[i]!), median(times[0]!)];
    console.log(`  ${name.padEnd(44)} ${own.toFixed(1).padStart(7)} ms   × ${(own / node).toFixed(2)}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
