import { constants } from 'node:os';

import { hintFor } from './hints.ts';

/** The codes this package raises beside the operating system's own. */
export type OwnCode =
  /** An option or an argument is not one of the allowed values. */
  | 'BAD_OPTION'
  /** The signal was aborted; `cause` is its reason and `name` is `AbortError`, as Node.js does it. */
  | 'ABORT_ERR'
  /** The path of the temp no longer leads to the file that was written. */
  | 'TEMP_CHANGED'
  /** The file was already committed or discarded. */
  | 'CLOSED'
  /** An error of the operating system that Node.js has no name for; see `cause`. */
  | 'UNKNOWN';

export type AtomicWriteErrorCode = keyof typeof constants.errno | OwnCode;

export interface AtomicWriteErrorFields {
  readonly code: AtomicWriteErrorCode;
  readonly syscall?: string | undefined;
  readonly path: string;
  readonly tempPath?: string | undefined;
  readonly committed?: boolean | undefined;
  readonly published?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/**
 * What every function of this package raises when it could not do what it says.
 *
 * Only errors of the caller's own data source pass through as they are.
 */
export class AtomicWriteError extends Error {
  /** The name of the operating system's error (`ENOSPC`, `EACCES`, …) or one of {@link OwnCode}. */
  readonly code: AtomicWriteErrorCode;
  /** The call that failed, as Node.js names it, where one did. */
  readonly syscall: string | undefined;
  /** The file that was to be written, absolute. */
  readonly path: string;
  /** The file that it was written to before, where there was one. */
  readonly tempPath: string | undefined;
  /**
   * Whether the new content is at `path`. If not, `path` is what it was before. If so, only what
   * comes after the publishing failed, such as making it survive a power cut.
   */
  readonly committed: boolean;
  /** What to do about it. */
  readonly hint: string;
  /** `commitAll` only: the paths that were published before the failure. */
  readonly published: readonly string[] | undefined;

  constructor(problem: string, fields: AtomicWriteErrorFields) {
    const hint = hintFor(fields.code, fields.syscall, fields.committed ?? false);
    super(`${fields.code}: ${problem}. ${hint}`, fields.cause === undefined ? {} : { cause: fields.cause });
    this.name = fields.code === 'ABORT_ERR' ? 'AbortError' : 'AtomicWriteError';
    this.code = fields.code;
    this.syscall = fields.syscall;
    this.path = fields.path;
    this.tempPath = fields.tempPath;
    this.committed = fields.committed ?? false;
    this.hint = hint;
    this.published = fields.published;
  }
}

/** What happened to which file, for an error that is about to be raised. */
export interface Circumstances {
  readonly path: string;
  readonly tempPath?: string | undefined;
  readonly committed?: boolean | undefined;
}

/** Explains an error of a file-system call. An error that already explains itself stays as it is. */
export function explain(error: unknown, where: Circumstances): AtomicWriteError {
  if (error instanceof AtomicWriteError) return error;
  const code = errorCode(error);
  const syscall = isErrno(error) ? error.syscall : undefined;
  const call = syscall === undefined ? '' : ` (${syscall})`;
  const problem = where.committed
    ? `${where.path} was replaced, but a later step failed${call}`
    : `${where.path} could not be written${call}`;
  return new AtomicWriteError(problem, { ...where, code, syscall, cause: error });
}

const isErrno = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error;

const isSystemCode = (code: string): code is keyof typeof constants.errno =>
  Object.hasOwn(constants.errno, code);

const codeByNumber = new Map(Object.entries(constants.errno).map(([code, number]) => [-number, code]));

/** The code of an error; libuv has no name for some of them, EDQUOT among those. */
export function errorCode(error: unknown): AtomicWriteErrorCode {
  if (!isErrno(error)) return 'UNKNOWN';
  if (error.code?.startsWith('ERR_INVALID_ARG') === true) return 'BAD_OPTION';
  const code = codeByNumber.get(error.errno ?? 0) ?? error.code;
  return code !== undefined && isSystemCode(code) ? code : 'UNKNOWN';
}

export function abortError(signal: AbortSignal, where: Circumstances): AtomicWriteError {
  return new AtomicWriteError(`Writing ${where.path} was aborted`, {
    ...where,
    code: 'ABORT_ERR',
    cause: signal.reason,
  });
}

export function badOption(problem: string, path = ''): AtomicWriteError {
  return new AtomicWriteError(problem, { code: 'BAD_OPTION', path });
}
