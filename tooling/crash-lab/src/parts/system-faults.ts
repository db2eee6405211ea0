import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { inParallel, start } from '../child.ts';
import { type Bench, withBench } from '../run.ts';
import { makeDirectory, plantTree, removeDirectory } from '../sandbox.ts';
import { type Scenario, type SubjectOptions, subjectScenario } from '../scenario.ts';
import { type SystemFault, runWithSystemFault, straceMissing } from '../strace.ts';
import { type Syscall, parseStrace } from '../trace/strace-syntax.ts';
import { errorsOf } from './fault-list.ts';
import { judgeFault } from './fault-verdict.ts';
import { type PartResult, type Skipped, type Violation, withoutSandbox } from './result.ts';

export interface SystemFaultSettings {
  readonly width: number;
  readonly seed: number;
  /** One error a system call instead of every one. */
  readonly sample: boolean;
}

/** The calls of the model that each system call stands for. */
const operationNames: Readonly<Record<string, string>> = {
  openat: 'open',
  write: 'write',
  pwrite64: 'write',
  writev: 'write',
  fsync: 'fsync',
  fdatasync: 'fdatasync',
  close: 'close',
  fchmod: 'fchmod',
  fchown: 'fchown',
  rename: 'rename',
  link: 'link',
  unlink: 'unlink',
  statx: 'lstat',
  ftruncate: 'ftruncate',
};

interface Chosen {
  readonly fault: SystemFault;
  readonly directory: boolean;
  readonly mutates: boolean;
  readonly what: string;
}

/**
 * Real system calls fail: strace puts the error in place of the call, so that libuv and Node see it as they
 * would see the kernel's. Works for writers whose temp has a fixed name, as strace picks the calls by path.
 */
export async function systemFaults(
  scenario: Scenario,
  settings: SystemFaultSettings,
): Promise<PartResult | Skipped> {
  const reason = await straceMissing();
  if (reason !== undefined) return { part: 'system faults', reason };
  const chosen = await chooseFaults(scenario, settings);
  const violations = await inParallel(chosen, settings.width, (each) => runOne(scenario, each));
  return {
    part: 'system faults',
    subject: scenario.name,
    tried: chosen.length,
    unit: 'faults',
    violations: violations.flat(),
    notes: ['strace'],
  };
}

const watched = (bench: Bench): string[] => [bench.target, `${bench.target}.tmp`, dirname(bench.target)];

async function chooseFaults(scenario: Scenario, settings: SystemFaultSettings): Promise<Chosen[]> {
  const syscalls = await withBench(scenario, async (bench) => {
    await bench.reset();
    return listSyscalls(bench);
  });
  const counts = new Map<string, number>();
  const directories = new Set<number>();
  return syscalls.flatMap((syscall, index) => {
    // strace counts in each thread for itself.
    const key = `${syscall.thread}.${syscall.name}`;
    const when = (counts.get(key) ?? 0) + 1;
    counts.set(key, when);
    const name = operationNames[syscall.name];
    const fd = syscall.name === 'openat' ? (syscall.result ?? -1) : Number(syscall.args[0]);
    const creates = syscall.args.some((argument) => argument.includes('O_CREAT'));
    if (syscall.name === 'openat' && !creates) directories.add(fd);
    const directory = directories.has(fd) && syscall.name !== 'statx';
    if (syscall.name === 'close') directories.delete(fd);
    if (name === undefined) return [];
    const errors = errorsOf(name, name === 'open' ? creates : true);
    const picked = settings.sample
      ? errors.filter((_, place) => place === (index + settings.seed) % errors.length)
      : errors;
    return picked.map((error) => ({
      fault: { syscall: syscall.name, error, when },
      directory,
      mutates: name !== 'lstat' && !directory,
      what: `${error} at ${name} (${syscall.name} number ${when})`,
    }));
  });
}

async function listSyscalls(bench: Bench): Promise<Syscall[]> {
  const listing = join(bench.control, 'strace.txt');
  const only = watched(bench).flatMap((path) => ['-P', path]);
  const trace = Object.keys(operationNames).join(',');
  const command = ['strace', '-f', '-qq', '-o', listing, ...only, '-e', `trace=${trace}`, ...bench.command()];
  await start(command, { cwd: bench.root, env: bench.plainEnvironment() }).exit;
  return parseStrace(await readFile(listing, 'utf8'));
}

async function runOne(scenario: Scenario, { fault, directory, mutates, what }: Chosen): Promise<Violation[]> {
  return withBench(scenario, async (bench) => {
    await bench.reset();
    const { run, happened } = await runWithSystemFault(bench, fault, watched(bench));
    if (happened === 0) throw new Error(`${what} never happened in "${scenario.name}"`);
    const operation = { name: operationNames[fault.syscall] ?? fault.syscall, mutates };
    return judgeFault(scenario, run, { operation, directory, name: fault.error }).map(({ kind, detail }) => ({
      kind,
      detail: withoutSandbox(`${what}: ${detail}`),
    }));
  });
}

/** Room for the old version and a part of the new one, whether it is written beside the old one or over it. */
const smallDisk = '16k';
const tooLarge = 20_000;

/** A disk that is really full: a tmpfs with no room for the new version, which is cut off in the middle. */
export async function fullDisk(subject: string, options: SubjectOptions): Promise<PartResult | Skipped> {
  const part = 'full disk';
  const scenario = subjectScenario(subject, { ...options, size: tooLarge });
  const directory = await makeDirectory();
  const mount = ['mount', '-t', 'tmpfs', '-o', `size=${smallDisk}`, 'tmpfs', directory];
  const mounted = await start(mount, { cwd: '/' }).exit.catch((error: Error) => ({
    code: 1,
    stderr: error.message,
  }));
  if (mounted.code !== 0) {
    await removeDirectory(directory);
    return { part, reason: `a small tmpfs cannot be mounted: ${mounted.stderr.trim()}` };
  }
  try {
    return await withBench(
      scenario,
      async (bench) => {
        await plantTree(bench.root, scenario.tree);
        const run = await bench.run();
        const failure = { operation: { name: 'write', mutates: true }, directory: false, name: 'full disk' };
        const violations = judgeFault(scenario, run, failure);
        return {
          part,
          subject: scenario.name,
          tried: 1,
          unit: 'full disks',
          violations,
          notes: [`tmpfs of ${smallDisk}`],
        };
      },
      directory,
    );
  } finally {
    await start(['umount', '-l', directory], { cwd: '/' }).exit;
    await removeDirectory(directory);
  }
}
