import type { RandomAccessSource } from '@x/formats';

import { corrupt, truncated, unsupported } from '../errors.ts';
import { type FileMetadata, readFileMetadata } from '../metadata/file-metadata.ts';
import { CompactReader } from '../thrift/compact-reader.ts';

export const magic = Uint8Array.from(Buffer.from('PAR1'));

/** What is read at once from the end: enough for the metadata of most files. */
const tailBytes = 16 * 1024;

/** @throws {FormatError} TRUNCATED where the end of the file is not there, CORRUPT. */
export async function readFooter(source: RandomAccessSource): Promise<FileMetadata> {
  const { size } = source;
  if (size < 12) throw truncated(`${size} bytes are no Parquet file`, { byteOffset: size });
  const tail = Buffer.from(await source.readAt(Math.max(0, size - tailBytes), Math.min(size, tailBytes)));
  const ending = tail.toString('latin1', tail.length - 4);
  const head = Buffer.from(size <= tailBytes ? tail : await source.readAt(0, 4)).toString('latin1', 0, 4);
  if (ending === 'PARE' || head === 'PARE') {
    throw unsupported('the file is encrypted', { byteOffset: size - 4 });
  }
  if (head !== 'PAR1') throw corrupt('the file does not begin as Parquet does', { byteOffset: 0 });
  if (ending !== 'PAR1') throw truncated('the file does not end as Parquet does', { byteOffset: size - 4 });
  const length = tail.readUInt32LE(tail.length - 8);
  const at = size - 8 - length;
  if (length === 0 || at < 4) throw corrupt(`metadata of ${length} bytes`, { byteOffset: size - 8 });
  const bytes =
    length + 8 <= tail.length
      ? tail.subarray(tail.length - 8 - length, tail.length - 8)
      : await source.readAt(at, length);
  const metadata = readFileMetadata(new CompactReader(bytes, at).struct());
  const rows = metadata.rowGroups.reduce((sum, group) => sum + group.rows, 0);
  // Some writers leave it at 0.
  if (rows !== metadata.rows && metadata.rows !== 0) {
    throw corrupt(`the row groups have ${rows} rows, the file ${metadata.rows}`, { byteOffset: at });
  }
  return metadata;
}
