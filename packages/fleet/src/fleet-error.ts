export type FleetErrorCode =
  /** Another run has the output folder and has not ended. */
  | 'RUN_IN_PROGRESS'
  /** A newer run has taken the output folder over; what this one still does has no effect. */
  | 'REVOKED'
  /** The input is not the file any more that the plan was made for. */
  | 'INPUT_CHANGED'
  /** The engine has given the work to somebody else. */
  | 'LEASE_LOST'
  /** The engine does not answer any more, or lets nobody in. */
  | 'ENGINE_LOST'
  /** So many workers were killed or cut off while they converted an input that it is set aside. */
  | 'WORKER_LOST'
  /** The disk that the run is on is full, or fails. */
  | 'STORAGE_FAILED'
  /** A folder has the path of an output. */
  | 'OUTPUT_TAKEN'
  /** There is no run, or its files are not what this version writes. */
  | 'BAD_RUN'
  | 'BAD_OPTION'
  /** What a dataset is to be renamed to has appeared meanwhile. */
  | 'DATASET_EXISTS'
  /** Files are neither published nor set aside. */
  | 'INCOMPLETE';

export interface FleetErrorDetails {
  /** The file or folder that it is about. */
  readonly path?: string | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The one error of this package: what happened, where, and what to do. */
export class FleetError extends Error {
  override readonly name = 'FleetError';
  readonly code: FleetErrorCode;
  /** What happened, without place and hint. */
  readonly problem: string;
  readonly path: string | undefined;
  readonly hint: string | undefined;

  constructor(code: FleetErrorCode, problem: string, { path, hint, cause }: FleetErrorDetails = {}) {
    const where = path === undefined ? '' : `${path}: `;
    super(`${where}${problem}${hint === undefined ? '' : `. ${hint}`}`, cause === undefined ? {} : { cause });
    this.code = code;
    this.problem = problem;
    this.path = path;
    this.hint = hint;
  }
}

export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
