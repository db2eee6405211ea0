import { ZipArchive } from './archive.ts';
import type { ZipEntry, ZipListOptions, ZipSource } from './entry.ts';

/**
 * Lists the entries of a zip file, in the order of its directory.
 *
 * @throws {CodecError} `CORRUPT` or `TRUNCATED` for what is no whole zip file, `LIMIT`, and `UNAVAILABLE`
 *   where the package yauzl is not installed.
 */
export async function listZipEntries(source: ZipSource, options: ZipListOptions = {}): Promise<ZipEntry[]> {
  const archive = await ZipArchive.open(source, options);
  try {
    return archive.entries.map(({ entry }) => entry);
  } finally {
    archive.close();
  }
}
