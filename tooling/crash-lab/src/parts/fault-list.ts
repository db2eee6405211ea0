import type { Action, Step } from '../preload/plan.mjs';
import type { Operation } from '../trace/operation.ts';

/** One way for one call to fail. */
export interface Fault {
  readonly operation: Operation;
  /** For people: an error name, `short`, or `full disk`. */
  readonly name: string;
  readonly steps: readonly Step[];
}

const full = ['ENOSPC', 'EDQUOT'];
const device = ['EIO'];
const denied = ['EACCES', 'EROFS'];

/** The errors each call can give, from the manual pages of Linux. */
const errorNames: Readonly<Record<string, readonly string[]>> = {
  open: [...full, ...device, ...denied, 'EMFILE'],
  write: [...full, ...device],
  fsync: [...device, ...full],
  fdatasync: [...device, ...full],
  close: [...device, ...full],
  ftruncate: [...device, 'EACCES'],
  fchmod: [...device, 'EROFS', 'EPERM'],
  chmod: [...device, ...denied, 'EPERM'],
  fchown: [...device, 'EROFS', 'EPERM'],
  chown: [...device, ...denied, 'EPERM'],
  rename: ['EXDEV', 'EBUSY', ...full, ...device, ...denied],
  link: ['EXDEV', ...full, ...device, ...denied, 'EPERM'],
  symlink: [...full, ...device, ...denied],
  unlink: ['EBUSY', ...device, ...denied],
  mkdir: [...full, ...device, ...denied],
  rmdir: ['EBUSY', ...device, ...denied],
  stat: ['EACCES', ...device],
  lstat: ['EACCES', ...device],
  fstat: device,
  readlink: ['EACCES', ...device],
  realpath: ['EACCES', ...device],
  readdir: ['EACCES', ...device, 'EMFILE'],
  read: device,
  access: ['EACCES', ...device],
};

/** Nothing is created, and no space needed, where a file is only opened to read. */
const readOnlyOpen = [...device, 'EACCES', 'EMFILE'];

/** The errors that a call can give; `mutates` tells an `open` that creates from one that reads. */
export function errorsOf(name: string, mutates: boolean): readonly string[] {
  return name === 'open' && !mutates ? readOnlyOpen : (errorNames[name] ?? device);
}

/** Every fault of every call. */
export function faultsOf(operations: readonly Operation[]): Fault[] {
  return operations.flatMap((operation) => {
    const names = errorsOf(operation.name, operation.mutates);
    const fails = names.map((name): Fault => ({
      operation,
      name,
      steps: [step(operation, { kind: 'fail', code: name })],
    }));
    if (operation.name !== 'write' || (operation.data?.byteLength ?? 0) < 2) return fails;
    const short = step(operation, { kind: 'short' });
    // What a disk that fills up does: takes a part, and from then on nothing.
    const then = {
      ...step(operation, { kind: 'fail', code: 'ENOSPC' }),
      call: operation.call + 1,
      every: 'write',
    };
    return [
      ...fails,
      { operation, name: 'short', steps: [short] },
      { operation, name: 'full disk', steps: [short, then] },
    ];
  });
}

const step = (operation: Operation, action: Action): Step => ({
  thread: operation.thread,
  call: operation.call,
  when: 'before',
  action,
});

/** One fault for each call, another one for the next call of the same kind: a short form that meets every call. */
export function sampleFaults(faults: readonly Fault[], seed: number): Fault[] {
  const byCall = new Map<Operation, Fault[]>();
  for (const fault of faults) byCall.set(fault.operation, [...(byCall.get(fault.operation) ?? []), fault]);
  return [...byCall.values()].flatMap((choices, index) =>
    choices.filter(
      ({ name }, place) =>
        place === (index + seed) % choices.length || name === 'short' || name === 'full disk',
    ),
  );
}
