import type { Sight } from '../model/verdict.ts';
import type { Run } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import type { Operation } from '../trace/operation.ts';
import { leftovers, sightIn } from '../tree-check.ts';
import { failureOf } from './power-loss.ts';
import type { Violation } from './result.ts';

/** The call that failed, and how; what the verdict needs whichever way the fault came about. */
export interface Failure {
  readonly operation: Pick<Operation, 'name' | 'mutates'>;
  /** Whether the call was on a directory. */
  readonly directory: boolean;
  /** The error's name, `short` or `full disk`. */
  readonly name: string;
}

/** Calls whose failure means that the new version may not be safe on the disk, at `durability: 'full'`. */
const vital = new Set(['write', 'fsync', 'fdatasync', 'ftruncate', 'rename', 'symlink']);

const cleanup = new Set(['unlink', 'readdir']);
/** Once the new version is in place, these are part of the removal of what is left. */
const looks = new Set(['stat', 'lstat']);

/** How a file system says that it has no such thing as syncing a directory, or lets nobody do it. */
const noDirectorySync = new Set(['EINVAL', 'ENOTSUP', 'ENOSYS', 'EPERM', 'EACCES', 'EROFS']);

/** What is wrong with how a run ended after one of its calls had failed. */
export function judgeFault(scenario: Scenario, run: Run, failure: Failure): Violation[] {
  const violations: Violation[] = [];
  const add = (kind: string, detail: string): void => {
    violations.push({ kind, detail });
  };
  const { report } = run;
  if (run.exit.hung) return [{ kind: 'hangs', detail: 'it never ended' }];
  if (report === undefined) return [{ kind: 'crashed', detail: failureOf(run) }];
  const committed = report.ok || report.error?.committed === true;
  if (report.ok && mustRaise(failure, scenario))
    add('swallowed', `success although ${failure.name} lost data`);
  for (const target of scenario.targets) {
    const sight = sightIn(run.tree, target);
    const complaint = complain(sight, report.ok, committed, scenario);
    if (complaint !== undefined)
      add(complaint, `${report.ok ? 'success' : 'failure'}, and ${target.path} is ${sight}`);
  }
  // Whoever cannot remove its temp, or look for it, cannot be blamed for it.
  const excused = cleanup.has(failure.operation.name) || (committed && looks.has(failure.operation.name));
  const left = excused ? [] : leftovers(run.tree, scenario.tree, scenario.targets);
  if (left.length > 0) add('leftover', left.join(', '));
  if (!report.ok && scenario.typedErrors === true) violations.push(...judgeError(run, failure));
  return violations;
}

function complain(sight: Sight, ok: boolean, committed: boolean, scenario: Scenario): string | undefined {
  if (ok) return sight === 'new' ? undefined : `false success (${sight})`;
  // A command does not say how far it came, nor do several files publish at once: either version is all right
  // there, as long as it is whole.
  const either = !scenario.marks || scenario.targets.length > 1;
  if (either && (sight === 'old' || sight === 'new')) return undefined;
  return sight === (committed ? 'new' : 'old') ? undefined : `damaged (${sight})`;
}

function mustRaise({ operation, directory, name }: Failure, scenario: Scenario): boolean {
  if (name === 'short') return false;
  if (directory) {
    const syncs = operation.name === 'fsync' || operation.name === 'open';
    return scenario.durability === 'full' && syncs && !noDirectorySync.has(name);
  }
  return vital.has(operation.name) || (operation.name === 'close' && operation.mutates);
}

function judgeError(run: Run, { name }: Failure): Violation[] {
  const error = run.report?.error;
  const problems: string[] = [];
  if (error?.name !== 'AtomicWriteError') problems.push(`it is a ${error?.name}`);
  const code = name === 'full disk' ? 'ENOSPC' : name;
  if (error?.code !== code) problems.push(`its code is ${error?.code}, not ${code}`);
  if (error?.hint === undefined || error.hint === '') problems.push('it has no hint');
  if (typeof error?.committed !== 'boolean') problems.push('it does not say whether it was committed');
  if (
    code !== 'EXDEV' &&
    /another file system|across file systems|two file systems/i.test(`${error?.message} ${error?.hint}`)
  ) {
    problems.push('it speaks of two file systems');
  }
  return problems.map((problem) => ({ kind: 'poor error', detail: `${problem}: ${error?.message}` }));
}
