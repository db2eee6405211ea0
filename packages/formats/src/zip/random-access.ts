import type { ByteSource, RandomAccessSource } from '../contract.ts';
import { FormatError } from '../format-error.ts';

/**
 * A source as one that can be read out of order, as an archive has to be.
 *
 * @throws {FormatError} BAD_OPTION
 */
export function randomAccess(bytes: ByteSource, format: string): RandomAccessSource {
  if ('readAt' in bytes && 'size' in bytes) return bytes as RandomAccessSource;
  throw new FormatError('BAD_OPTION', `the bytes of an .${format} cannot be read out of order`, {
    format,
    hint: 'give a source with size and readAt, as a file has; @x/convert makes one of any stream',
  });
}
