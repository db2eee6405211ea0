import { FormatError, type FormatErrorDetails } from '@x/formats';

/** The name in errors, of files and streams alike. */
export const format = 'arrow';

/** The bytes contradict each other, or the Arrow format. */
export function corrupt(what: string, details: FormatErrorDetails = {}): FormatError {
  const hint = 'the file is damaged, or is no Arrow file: get it once more from where it came';
  return new FormatError('CORRUPT', what, { hint, ...details, format });
}

export function truncated(what: string, details: FormatErrorDetails = {}): FormatError {
  const hint = 'it was not written or copied to its end: get it once more';
  return new FormatError('TRUNCATED', what, { hint, ...details, format });
}

export function unsupported(what: string, details: FormatErrorDetails = {}): FormatError {
  return new FormatError('UNSUPPORTED', what, { ...details, format });
}

/** More than `maxBatchBytes` allows. */
export function tooLarge(what: string): FormatError {
  return new FormatError('LIMIT', what, {
    format,
    hint: 'raise maxBatchBytes if the file is to be trusted',
  });
}

/** An error of this package under the name of the format that its caller has chosen. */
export function named(error: unknown, name: string): unknown {
  if (!(error instanceof FormatError) || error.format === name) return error;
  const { code, problem, byteOffset, row, field, line, column, hint, cause } = error;
  const given = Object.entries({ byteOffset, row, field, line, column, hint, cause }).filter(
    ([, value]) => value !== undefined,
  );
  return new FormatError(code, problem, { ...Object.fromEntries(given), format: name });
}
