import { FormatError, type FormatErrorDetails } from '@x/formats';

const again = 'the file was not written or copied to its end: get it once more';

/** The bytes contradict each other, or the Parquet format. */
export function corrupt(what: string, details: FormatErrorDetails = {}): FormatError {
  const hint = 'the file is damaged: get it once more from where it came';
  return new FormatError('CORRUPT', what, { hint, ...details, format: 'parquet' });
}

export function truncated(what: string, details: FormatErrorDetails = {}): FormatError {
  return new FormatError('TRUNCATED', what, { hint: again, ...details, format: 'parquet' });
}

export function unsupported(what: string, details: FormatErrorDetails = {}): FormatError {
  return new FormatError('UNSUPPORTED', what, { ...details, format: 'parquet' });
}
