/** What convert itself finds wrong. A failure below it keeps the code it had there: `TRUNCATED`, `ENOSPC`, … */
export type ConvertErrorCode =
  | 'BAD_OPTION'
  | 'SOURCE_NOT_FOUND'
  | 'SOURCE_UNREADABLE'
  | 'SOURCE_IS_DIRECTORY'
  | 'SOURCE_USED_UP'
  | 'DESTINATION_NOT_FOUND'
  | 'DESTINATION_IS_DIRECTORY'
  | 'DESTINATION_NOT_DIRECTORY'
  | 'DESTINATION_EXISTS'
  | 'DESTINATION_CLOSED'
  | 'DESTINATION_LOST'
  | 'SAME_FILE'
  | 'UNKNOWN_FORMAT'
  | 'FORMAT_NOT_INSTALLED'
  | 'FORMAT_UNUSABLE'
  | 'NOT_READABLE'
  | 'NOT_WRITABLE'
  | 'NAME_CONTRADICTS_CONTENT'
  | 'UNKNOWN_COLUMN'
  | 'DUPLICATE_COLUMN'
  | 'COLUMN_COLLISION'
  | 'NOT_A_ROW'
  | 'NOT_A_VALUE'
  | 'NULL_ROW'
  | 'INVALID_ROW'
  | 'PROCESS_FAILED'
  | 'ROWS_LOST'
  | 'CLOSED'
  | 'DISCARDED'
  | 'OUTPUT_COLLISION'
  | 'BAD_MANIFEST'
  | 'MANIFEST_NOT_WRITTEN'
  | 'NO_TEMP_FOLDER'
  | 'THREAD_LOST'
  | (string & {});

export interface ErrorPlace {
  /** The file that the failure is about. */
  readonly path?: string | undefined;
  readonly format?: string | undefined;
  /** Data row, from 1. */
  readonly row?: number | undefined;
  /** Column name, or position in the line from 1. */
  readonly column?: string | number | undefined;
  /** Line of the text, from 1. */
  readonly line?: number | undefined;
  /** Offset in the decompressed bytes, from 0. */
  readonly byteOffset?: number | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
}

/** The one error of this package: what happened, where, and what to do. */
export class ConvertError extends Error {
  override readonly name = 'ConvertError';
  readonly code: ConvertErrorCode;
  readonly path: string | undefined;
  readonly format: string | undefined;
  readonly row: number | undefined;
  readonly column: string | number | undefined;
  readonly line: number | undefined;
  readonly byteOffset: number | undefined;
  readonly hint: string | undefined;

  constructor(code: ConvertErrorCode, message: string, place: ErrorPlace = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = place.path;
    this.format = place.format;
    this.row = place.row;
    this.column = place.column;
    this.line = place.line;
    this.byteOffset = place.byteOffset;
    this.hint = place.hint;
  }
}

/**
 * Says of a failure of a layer below which file it struck. The layer's own error stays as `cause`;
 * its code and position are taken over. An abort is the caller's own doing and throws its reason.
 */
export function explained(error: unknown, place: ErrorPlace, signal?: AbortSignal): unknown {
  if (signal?.aborted && (error === signal.reason || (error as Error).cause === signal.reason))
    return signal.reason;
  if (error instanceof ConvertError) return error;
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const below = error as ErrorBelow;
  return new ConvertError(
    below.code,
    below.problem ?? below.message,
    {
      path: below.path ?? place.path,
      format: below.format ?? place.format,
      row: below.row,
      column: below.column ?? below.field,
      line: below.line,
      byteOffset: below.byteOffset,
      hint: below.hint ?? place.hint,
    },
    { cause: error },
  );
}

/** What the errors of the layers below have in common, as far as they have it. */
interface ErrorBelow extends Error, ErrorPlace {
  readonly code: string;
  /** What happened, without place and hint. */
  readonly problem?: string;
  readonly field?: string;
}

/** Says of an error about a row which file the row is of. */
export function placed(error: unknown, { path, format }: ErrorPlace): unknown {
  if (!(error instanceof ConvertError) || error.path !== undefined || path === undefined) return error;
  const { code, message, cause, row, column, line, byteOffset, hint } = error;
  const place = { path, format: error.format ?? format, row, column, line, byteOffset, hint };
  return new ConvertError(code, message, place, { cause });
}
