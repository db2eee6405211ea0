/**
 * What went wrong, as a closed set:
 *
 * - `TRUNCATED`: the input ended inside a member or frame.
 * - `CORRUPT`: the bytes break the rules of their format.
 * - `CHECKSUM`: they decode, but to other content than was compressed.
 * - `TRAILING_DATA`: something that is no member of the format follows the last one.
 * - `LIMIT`: `limits.outputBytes` or `limits.ratio` was exceeded.
 * - `WINDOW_TOO_LARGE`: the frame needs more memory than `limits.windowLog` allows.
 * - `UNKNOWN_FORMAT`: `'auto'` recognised nothing.
 * - `UNAVAILABLE`: this Node.js, or this installation, has no engine for the job.
 * - `BAD_OPTION`: an option has a value that the codec does not take.
 */
export type CodecErrorCode =
  | 'TRUNCATED'
  | 'CORRUPT'
  | 'CHECKSUM'
  | 'TRAILING_DATA'
  | 'LIMIT'
  | 'WINDOW_TOO_LARGE'
  | 'UNKNOWN_FORMAT'
  | 'UNAVAILABLE'
  | 'BAD_OPTION';

export interface CodecErrorDetails {
  /** Name of the codec, or `auto` where none was recognised. */
  codec: string;
  /** What happened, without the place: `the data ends inside a member`. */
  problem: string;
  /** What the caller can do about it. */
  hint?: string | undefined;
  /** Bytes of compressed input that were understood before the problem. 0 where none was read. */
  offset?: number;
  /** Bytes of output that were handed over before the problem. */
  bytesOut?: number;
  path?: string | undefined;
  cause?: unknown;
}

/** The only error class of this package; errors of a source or of a signal pass through unchanged. */
export class CodecError extends Error {
  readonly code: CodecErrorCode;
  readonly codec: string;
  /** What happened, without the place and the hint that the message has. */
  readonly problem: string;
  /** Position in the compressed input, in bytes, near which the problem lies. */
  readonly offset: number;
  /** Bytes of output handed over before the problem; they were not verified. */
  readonly bytesOut: number;
  readonly path: string | undefined;
  readonly hint: string | undefined;

  constructor(code: CodecErrorCode, details: CodecErrorDetails) {
    const { codec, problem, hint, offset = 0, bytesOut = 0, path, cause } = details;
    const where = [...(path === undefined ? [] : [path]), ...(offset > 0 ? [`at byte ${offset}`] : [])];
    const place = where.length > 0 ? ` (${where.join(' ')})` : '';
    super(
      `${codec}: ${problem}${place}${hint === undefined ? '' : `. ${hint}`}`,
      cause === undefined ? {} : { cause },
    );
    this.name = 'CodecError';
    this.code = code;
    this.codec = codec;
    this.problem = problem;
    this.offset = offset;
    this.bytesOut = bytesOut;
    this.path = path;
    this.hint = hint;
  }
}
