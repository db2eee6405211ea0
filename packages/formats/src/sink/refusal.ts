import { FormatError } from '../format-error.ts';

/** What a row is refused with; undefined where it is not the row's fault. */
export function refusalOf(error: unknown, format: string, row: number): FormatError | undefined {
  if (error instanceof FormatError) return error;
  // This is how JavaScript says that text is longer than it can be, or that a call is too deep.
  if (!(error instanceof RangeError)) return undefined;
  return new FormatError(
    'LIMIT',
    'a value is too long as text, or lists and objects are too deep in each other',
    {
      format,
      row,
      cause: error,
      hint: 'leave the row out with onBadRow, or see whether a value contains itself',
    },
  );
}
