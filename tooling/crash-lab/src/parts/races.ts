import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { type Child, type Exit, start } from '../child.ts';
import { nodeOptions, plainEnvironment } from '../run.ts';
import { makeDirectory, plantTree, readTree, removeDirectory } from '../sandbox.ts';
import { leftovers } from '../tree-check.ts';
import type { Settings } from '../writers/subjects.mjs';
import { version, versionOf } from '../writers/version.mjs';
import type { PartResult, Skipped, Violation } from './result.ts';

/** Who writes at the same time: processes, threads of one process, or processes that all have process id 1. */
export type Crowd = 'processes' | 'threads' | 'namespaces';

export interface RaceSettings extends Settings {
  readonly crowd: Crowd;
  readonly writers: number;
  /** Versions that each of them writes. */
  readonly rounds: number;
}

const script = fileURLToPath(new URL('../writers/race.mjs', import.meta.url));
const name = 'target.bin';
const baseSize = 2000;

/** Writers replace one target with different contents and sizes while a reader polls it. */
export async function race(subject: string, settings: RaceSettings): Promise<PartResult | Skipped> {
  const { crowd, writers, rounds, ...own } = settings;
  const prefix = crowd === 'namespaces' ? ['unshare', '--pid', '--fork', '--kill-child'] : [];
  const missing = crowd === 'namespaces' ? await namespacesMissing() : undefined;
  if (missing !== undefined) return { part: `race of ${crowd}`, reason: missing };
  const directory = await makeDirectory();
  try {
    await plantTree(directory, { [name]: { content: version(0, baseSize), mode: 0o644 } });
    const target = join(directory, name);
    const launch = (firstId: number, threads: number): Child => {
      const spec = JSON.stringify({ firstId, rounds, threads, size: baseSize, ...own });
      const env = { ...plainEnvironment(), NODE_OPTIONS: nodeOptions(false), UV_THREADPOOL_SIZE: '4' };
      return start([...prefix, process.execPath, script, subject, target, spec], { cwd: directory, env });
    };
    const children =
      crowd === 'threads'
        ? [launch(1, writers)]
        : Array.from({ length: writers }, (_, index) => launch(1 + index * rounds, 0));
    const { reads, seen, violations, exits } = await watch(target, children);
    violations.push(...judgeWriters(exits, writers * rounds));
    const left = leftovers(await readTree(directory), { [name]: { target: '' } }, []);
    if (left.length > 0) violations.push({ kind: 'leftover', detail: left.join(', ') });
    if (versionOf(await readFile(target)) === undefined) {
      violations.push({ kind: 'torn', detail: 'the file is no whole version at the end' });
    }
    return {
      part: `race of ${crowd}`,
      subject,
      tried: reads,
      unit: 'reads',
      violations,
      notes: [`${writers} writers, ${rounds} versions each, ${seen} versions seen`],
    };
  } finally {
    await removeDirectory(directory);
  }
}

/** Reads the target until every writer has ended. */
async function watch(
  target: string,
  children: readonly Child[],
): Promise<{ reads: number; seen: number; violations: Violation[]; exits: Exit[] }> {
  const violations: Violation[] = [];
  const seen = new Set<number>();
  let reads = 0;
  const writers = { over: false };
  const ended = Promise.all(children.map(({ exit }) => exit)).finally(() => {
    writers.over = true;
  });
  ended.catch(() => undefined);
  while (!writers.over) {
    // oxlint-disable-next-line no-await-in-loop -- polling
    const content = await readFile(target).catch((error: NodeJS.ErrnoException) => error);
    reads += 1;
    if (content instanceof Error) {
      violations.push({ kind: 'absent', detail: `a read failed: ${content.message}` });
    } else {
      const id = versionOf(content);
      if (id === undefined)
        violations.push({ kind: 'torn', detail: `a read gave ${content.byteLength} bytes of no version` });
      else seen.add(id);
    }
    // oxlint-disable-next-line no-await-in-loop -- lets the exits of the writers in
    await nextTurn();
  }
  return { reads, seen: seen.size, violations, exits: await ended };
}

function judgeWriters(exits: readonly Exit[], expected: number): Violation[] {
  const violations: Violation[] = [];
  let written = 0;
  for (const exit of exits) {
    if (exit.hung) violations.push({ kind: 'hangs', detail: 'a writer never ended' });
    else if (exit.code !== 0) violations.push({ kind: 'crashed', detail: exit.stderr.trim() });
    else {
      const score: { written: number; errors: string[] } = JSON.parse(exit.stdout);
      written += score.written;
      violations.push(...score.errors.map((detail) => ({ kind: 'failed', detail })));
    }
  }
  if (violations.length === 0 && written !== expected) {
    violations.push({ kind: 'failed', detail: `${written} of ${expected} versions were written` });
  }
  return violations;
}

let reason: Promise<string | undefined> | undefined;

function namespacesMissing(): Promise<string | undefined> {
  reason ??= start(['unshare', '--pid', '--fork', 'true'], { cwd: '/' }).exit.then(
    ({ code, stderr }) => (code === 0 ? undefined : `no process namespaces here: ${stderr.trim()}`),
    () => 'unshare is not installed',
  );
  return reason;
}
