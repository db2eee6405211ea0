import { writeFile } from 'node:fs/promises';
import { availableParallelism, release } from 'node:os';
import { parseArgs } from 'node:util';

import { commandScenario } from './command-line.ts';
import { comparePeers, peerTable } from './parts/peers.ts';
import { type PartResult, type Skipped, countKinds, isSkipped } from './parts/result.ts';
import { findPlanted, plantedBugs } from './planted/bugs.ts';
import {
  type PartName,
  type Settings,
  type Task,
  atomicFsProgram,
  commandProgram,
  partNames,
} from './program.ts';
import type { Durability } from './scenario.ts';

const usage = `Usage: lab [options]

Without --command, examines @x/atomic-fs, then the lab itself with planted bugs, then its peers.

  --part NAME       only this part (${partNames.join(', ')}, planted-bugs, peers); may be repeated
  --seed N          for everything that is sampled (default 1)
  --width N         runs at a time (default: the number of processors)
  --table FILE      writes the comparison with the peers, a Markdown table, there

  --command LINE    examines this command line instead; {target} stands for the path of the target
  --target FILE     the file that it replaces, relative to the directory it runs in; for each of several, anew
  --input FILE      a file that it reads, under its own name in that directory; may be repeated
  --durability NAME what it promises after exit code 0: full (default), data or none

Exit codes: 0 no violation and every planted bug found, 1 otherwise, 2 bad usage.`;

class UsageError extends Error {}

interface Invocation extends Settings {
  readonly parts: readonly string[];
  readonly table: string | undefined;
  readonly command: { line: string; targets: string[]; inputs: string[]; durability: Durability } | undefined;
}

/** @returns undefined where only the usage is asked for */
function parse(args: readonly string[]): Invocation | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      part: { type: 'string', multiple: true },
      seed: { type: 'string', default: '1' },
      width: { type: 'string', default: String(availableParallelism()) },
      table: { type: 'string' },
      command: { type: 'string' },
      target: { type: 'string', multiple: true, default: [] },
      input: { type: 'string', multiple: true, default: [] },
      durability: { type: 'string', default: 'full' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const known: readonly string[] = [...partNames, 'planted-bugs', 'peers'];
  const unknown = values.part?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no part ${unknown}\n\n${usage}`);
  const { durability } = values;
  if (durability !== 'full' && durability !== 'data' && durability !== 'none') {
    throw new UsageError(`--durability is ${durability}\n\n${usage}`);
  }
  if (values.command !== undefined && values.target.length === 0) {
    throw new UsageError(`--command needs --target\n\n${usage}`);
  }
  return {
    parts: values.part ?? known,
    seed: positive('--seed', values.seed),
    width: positive('--width', values.width),
    table: values.table,
    command:
      values.command === undefined
        ? undefined
        : { line: values.command, targets: values.target, inputs: values.input, durability },
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`${name} is ${text}, not a positive integer`);
  return value;
}

/** Examples printed for one result. */
const mostExamples = 5;

function show(result: PartResult | Skipped): void {
  if (isSkipped(result)) {
    console.log(`${result.part.padEnd(28)} skipped: ${result.reason}`);
    return;
  }
  const { part, subject, tried, unit, violations, notes } = result;
  const kinds = violations.length === 0 ? '' : ` (${countKinds(violations)})`;
  const note = notes.length === 0 ? '' : ` · ${notes.join(', ')}`;
  console.log(
    `${part.padEnd(28)} ${subject.padEnd(40)} ${tried} ${unit}, ${violations.length} violations${kinds}${note}`,
  );
  for (const { kind, detail } of violations.slice(0, mostExamples))
    console.log(`    ${kind}: ${detail.split('\n')[0]}`);
  if (violations.length > mostExamples) console.log(`    … and ${violations.length - mostExamples} more`);
}

/** @returns the number of violations */
async function runTasks(tasks: readonly Task[], parts: readonly string[]): Promise<number> {
  let violations = 0;
  const wanted = tasks.filter(({ part }: { part: PartName }) => parts.includes(part));
  for (const { run } of wanted) {
    // oxlint-disable-next-line no-await-in-loop -- each part is parallel in itself
    const result = await run();
    show(result);
    if (!isSkipped(result)) violations += result.violations.length;
  }
  return violations;
}

/** @returns the number of planted bugs that were not found */
async function findPlantedBugs(settings: Settings): Promise<number> {
  let found = 0;
  for (const bug of plantedBugs) {
    // oxlint-disable-next-line no-await-in-loop -- each part is parallel in itself
    const { result, isFound } = await findPlanted(bug, settings);
    if (isFound) found += 1;
    const verdict = isFound ? `found by ${result.part}` : 'NOT FOUND';
    console.log(
      `planted bug: ${bug.bug.padEnd(36)} ${verdict} (${countKinds(result.violations) || 'no violation'})`,
    );
  }
  console.log(`planted bugs found ${found}/${plantedBugs.length}`);
  return plantedBugs.length - found;
}

async function comparison(settings: Settings, table: string | undefined): Promise<void> {
  console.log('\nThe same examination of the peers; what they break is theirs:');
  const rows = await comparePeers({ ...settings, cuts: 30, rounds: 100, onResult: show });
  const text = `${peerTable(rows)}\n`;
  console.log(`\n${text}`);
  if (table !== undefined) await writeFile(table, text);
}

async function main(args: readonly string[]): Promise<number> {
  const invocation = parse(args);
  if (invocation === undefined) {
    console.log(usage);
    return 0;
  }
  const { parts, command } = invocation;
  console.log(
    `crash lab · Node ${process.versions.node} · ${process.platform} ${release()} · seed ${invocation.seed}`,
  );
  if (command !== undefined) {
    // pnpm runs scripts in the folder of the package; paths are meant where the caller stood.
    const cwd = process.env['INIT_CWD'] ?? process.cwd();
    const { line, targets, ...rest } = command;
    const scenarios = await Promise.all(
      targets.flatMap((target) =>
        [true, false].map((exists) => commandScenario({ command: line, target, ...rest, exists, cwd })),
      ),
    );
    const violations = await runTasks(commandProgram(scenarios, invocation), parts);
    console.log(`\nviolations: ${violations}`);
    return violations === 0 ? 0 : 1;
  }
  const violations = await runTasks(atomicFsProgram(invocation), parts);
  const missed = parts.includes('planted-bugs') ? await findPlantedBugs(invocation) : 0;
  if (parts.includes('peers')) await comparison(invocation, invocation.table);
  console.log(`\nviolations: ${violations}, planted bugs missed: ${missed}`);
  return violations === 0 && missed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage =
    error instanceof UsageError ||
    (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  console.error(isUsage ? error.message : error);
  process.exitCode = isUsage ? 2 : 1;
}
