/** What a recorded call came to. */
export interface Outcome {
  /** The error code, where the call failed. */
  readonly error?: string;
  /** open: the new descriptor. */
  readonly fd?: number;
  /** open: permission bits and owner of the file as opened. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** open: whether it is a directory. */
  readonly directory?: boolean;
  /** write: the bytes that were taken. */
  readonly written?: number;
  /** mkdir, mkdtemp: the directory that was made (with `recursive`: the topmost of them). */
  readonly made?: string;
}

/** One file-system call of a writer, whichever recorder saw it. Paths are absolute. */
export interface Operation {
  /** The number of the call in its thread, from 1. */
  readonly call: number;
  readonly pid: number;
  readonly thread: number;
  readonly name: string;
  readonly mutates: boolean;
  readonly path?: string;
  readonly to?: string;
  readonly fd?: number;
  readonly flags?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly length?: number;
  /** write: the offset, or null for "where the descriptor stands". */
  readonly position?: number | null;
  readonly linkTarget?: string;
  readonly recursive?: boolean;
  readonly data?: Uint8Array;
  /** Undefined where the process died before the call came back. */
  outcome?: Outcome;
}

/** A point of a trace: a call starts, a call is over, or the scenario says where it is. */
export type Moment =
  | { readonly at: 'begin' | 'end'; readonly operation: Operation }
  | { readonly at: 'mark'; readonly name: string };

export interface Trace {
  readonly moments: readonly Moment[];
  /** Calls at which the plan did something, with what it did. */
  readonly acted: readonly { readonly call: number; readonly action: string }[];
}

/** The mark that a writer leaves when its call has come back to the caller. */
export const resolvedMark = 'resolved';

/** Every operation of a trace, in the order in which they began. */
export function operationsOf(trace: Trace): Operation[] {
  return trace.moments.flatMap((moment) => (moment.at === 'begin' ? [moment.operation] : []));
}

/** One line for people: `7 rename /dir/a.tmp → /dir/a`. */
export function describeOperation(operation: Operation): string {
  const { call, name, path, to, fd, data, outcome } = operation;
  const where = [path, to].filter((part) => part !== undefined).join(' → ');
  const what = where === '' ? `fd ${fd}` : where;
  const size = data === undefined ? '' : ` ${data.byteLength} bytes`;
  const end =
    outcome === undefined ? ' (never came back)' : outcome.error === undefined ? '' : ` = ${outcome.error}`;
  return `${call} ${name} ${what}${size}${end}`;
}
