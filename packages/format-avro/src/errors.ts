import { FormatError, type FormatErrorDetails } from '@x/formats';

export const format = 'avro';

/** The bytes contradict each other, or the Avro format. */
export function corrupt(what: string, details: FormatErrorDetails = {}): FormatError {
  const hint = 'the file is damaged, or is no Avro file: get it once more from where it came';
  return new FormatError('CORRUPT', what, { hint, ...details, format });
}
