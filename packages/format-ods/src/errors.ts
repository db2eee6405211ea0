import { FormatError, type FormatErrorDetails } from '@x/formats';

export const format = 'ods';

/** The bytes contradict each other, or the format. */
export function corrupt(what: string, details: FormatErrorDetails = {}): FormatError {
  const hint = 'the file is damaged, or is no spreadsheet: get it once more from where it came';
  return new FormatError('CORRUPT', what, { hint, ...details, format });
}

export function overLimit(what: string, option: string): FormatError {
  return new FormatError('LIMIT', what, { format, hint: `raise ${option} if the file is to be trusted` });
}
