import { constants } from 'node:fs';

import type { Moment, Operation, Outcome, Trace } from '../src/trace/operation.ts';

const { O_CREAT, O_EXCL, O_RDONLY, O_TRUNC, O_WRONLY } = constants;

/** Flags of the opens that the traces need. */
export const flags = {
  create: O_CREAT | O_EXCL | O_WRONLY | O_TRUNC,
  truncate: O_CREAT | O_WRONLY | O_TRUNC,
  read: O_RDONLY,
};

type Draft = Partial<Operation> & Pick<Operation, 'name'>;

/** A trace by hand: calls of one thread, each over before the next begins. */
export function traceOf(...steps: readonly (Draft | string)[]): Trace {
  const moments = steps.flatMap((step, index): Moment[] => {
    if (typeof step === 'string') return [{ at: 'mark', name: step }];
    const operation: Operation = { call: index + 1, pid: 1, thread: 0, mutates: true, outcome: {}, ...step };
    return [
      { at: 'begin', operation },
      { at: 'end', operation },
    ];
  });
  return { moments, acted: [] };
}

/** open, with the descriptor it gives. */
export const open = (path: string, fd: number, openFlags: number, mode = 0o644): Draft => ({
  name: 'open',
  path,
  flags: openFlags,
  mode,
  outcome: { fd, mode },
});

export const write = (fd: number, text: string, position: number | null = null): Draft => ({
  name: 'write',
  fd,
  data: Buffer.from(text),
  position,
  outcome: { written: text.length },
});

export const on = (name: string, fd: number, outcome: Outcome = {}): Draft => ({ name, fd, outcome });
export const rename = (path: string, to: string): Draft => ({ name: 'rename', path, to });

/** The trace with the moment at this index and the next one the other way round: two calls overlap. */
export function swapped(trace: Trace, index: number): Trace {
  const pair = trace.moments.slice(index, index + 2).toReversed();
  return { ...trace, moments: trace.moments.toSpliced(index, 2, ...pair) };
}
