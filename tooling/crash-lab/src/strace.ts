import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { start } from './child.ts';
import type { Bench, Run } from './run.ts';
import type { Step } from './preload/plan.mjs';
import { straceTrace, tracedSyscalls } from './trace/strace-trace.ts';
import type { Trace } from './trace/operation.ts';

/** Longer than any write of a scenario: a shortened string could not be replayed. */
const longestString = 1 << 26;

let reason: Promise<string | undefined> | undefined;

/** Why strace cannot be used here, or undefined where it can. */
export function straceMissing(): Promise<string | undefined> {
  reason ??= start(['strace', '-o', '/dev/null', process.execPath, '--version'], { cwd: '/' }).exit.then(
    ({ code, stderr }) =>
      code === 0 ? undefined : `strace cannot trace here: ${stderr.trim().split('\n')[0]}`,
    () => 'strace is not installed',
  );
  return reason;
}

/** Runs the scenario under the preloaded recorder and strace at once: two recordings of one run. */
export async function runTraced(
  bench: Bench,
  steps: readonly Step[] = [],
): Promise<{ run: Run; system: Trace }> {
  const listing = join(bench.control, 'strace.txt');
  const flags = ['-f', '--seccomp-bpf', '-qq', '-xx', '-s', String(longestString), '-o', listing];
  const command = ['strace', ...flags, '-e', `trace=${tracedSyscalls}`, ...bench.command()];
  const exit = await start(command, { cwd: bench.root, env: bench.environment(steps) }).exit;
  const run = await bench.outcome(exit);
  return { run, system: straceTrace(await readFile(listing, 'utf8'), bench.root, process.umask()) };
}

/** One failure of a real system call, on calls that touch the paths. */
export interface SystemFault {
  readonly syscall: string;
  /** An error name, or `short` for a write that takes only half. */
  readonly error: string;
  /** The how-many-th matching call fails, from 1. */
  readonly when: number;
}

/**
 * Runs the scenario with a system call that fails inside the kernel's entry, unrecorded by anything else.
 *
 * @param paths only calls on these are counted and failed
 * @returns the run, and how often the fault really happened
 */
export async function runWithSystemFault(
  bench: Bench,
  fault: SystemFault,
  paths: readonly string[],
): Promise<{ run: Run; happened: number }> {
  const listing = join(bench.control, 'strace.txt');
  const only = paths.flatMap((path) => ['-P', path]);
  const inject = `inject=${fault.syscall}:error=${fault.error}:when=${fault.when}`;
  const flags = ['-f', '-qq', '-o', listing, ...only, '-e', `trace=${fault.syscall}`, '-e', inject];
  const exit = await start(['strace', ...flags, ...bench.command()], {
    cwd: bench.root,
    env: bench.plainEnvironment(),
  }).exit;
  const text = await readFile(listing, 'utf8');
  return { run: await bench.outcome(exit), happened: text.split('(INJECTED)').length - 1 };
}
