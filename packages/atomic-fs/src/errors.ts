import { type AtomicWriteErrorCode, systemCode } from './error-codes.ts';
import { hintFor } from './hints.ts';

/** What happened to which file, as far as it is known. */
export interface Circumstances {
  readonly path: string;
  readonly tempPath?: string | undefined;
  readonly committed?: boolean | undefined;
  /** Whether the temp could not be removed. */
  readonly tempRemains?: boolean | undefined;
}

export interface AtomicWriteErrorFields extends Circumstances {
  readonly code: AtomicWriteErrorCode;
  readonly syscall?: string | undefined;
  readonly published?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/**
 * What every function of this package raises when it could not do what it says.
 *
 * Only errors of the caller's own data source, and of functions among the options, pass through as
 * they are.
 */
export class AtomicWriteError extends Error {
  /** The name of the operating system's error (`ENOSPC`, `EACCES`, …) or one of {@link OwnCode}. */
  readonly code: AtomicWriteErrorCode;
  /** What happened, without the code and the hint that the message has. */
  readonly problem: string;
  /** The call that failed, as Node.js names it, where one did. */
  readonly syscall: string | undefined;
  /** The file that was to be written, absolute. Empty if an option was wrong. */
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
    const { code, syscall, path, tempPath, committed = false, published, cause } = fields;
    const hint = hintFor(code, syscall, committed);
    super(`${code}: ${problem}. ${hint}`, cause === undefined ? {} : { cause });
    this.name = code === 'ABORT_ERR' ? 'AbortError' : 'AtomicWriteError';
    this.code = code;
    this.problem = problem;
    this.syscall = syscall;
    this.path = path;
    this.tempPath = tempPath;
    this.committed = committed;
    this.hint = hint;
    this.published = published;
  }
}

/**
 * Explains an error of a file-system call. One that explains itself stays as it is, and so does one
 * that no such call raised: it is the caller's own, from a data source or a function among the options.
 */
export function explain(error: unknown, where: Circumstances): unknown {
  if (!isErrno(error) || error instanceof AtomicWriteError || error.syscall === undefined) return error;
  const { syscall } = error;
  return new AtomicWriteError(`${fate(where)} (${syscall})`, {
    ...where,
    code: errorCode(error),
    syscall,
    cause: error,
  });
}

function fate({ path, tempPath, committed, tempRemains }: Circumstances): string {
  if (committed === true) return `${path} has its new content, but a later step failed`;
  if (tempPath === undefined) return `${path} could not be written`;
  const end = tempRemains === true ? 'could not be removed' : 'is gone';
  return `${path} could not be replaced and is what it was; its temp ${tempPath} ${end}`;
}

const isErrno = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error;

/** The code of any error of a file-system call. */
export function errorCode(error: unknown): AtomicWriteErrorCode {
  if (error instanceof AtomicWriteError) return error.code;
  return isErrno(error) ? systemCode(error.code, error.errno) : 'UNKNOWN';
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
