import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';

import type { Entry, ZipFile } from 'yauzl';

import { CodecError } from '../codec-error.ts';
import { loadPackage } from '../optional-package.ts';
import type { ZipEntry, ZipListOptions, ZipSource } from './entry.ts';
import { zipError } from './error.ts';

interface Listed {
  entry: ZipEntry;
  record: Entry;
}

/** A zip file whose directory has been read. */
export class ZipArchive {
  readonly path: string | undefined;
  readonly entries: readonly Listed[];
  readonly #file: ZipFile;

  private constructor(file: ZipFile, entries: readonly Listed[], path: string | undefined) {
    this.#file = file;
    this.entries = entries;
    this.path = path;
  }

  static async open(source: ZipSource, { path, limits = {} }: ZipListOptions): Promise<ZipArchive> {
    const { entries: most = 100_000 } = limits;
    const name = path ?? pathOf(source);
    const yauzl = await loadPackage('zip', 'reading zip files', 'yauzl', () => import('yauzl'));
    const file = await opened(name, () =>
      source instanceof Uint8Array
        ? yauzl.fromBufferPromise(Buffer.from(source.buffer, source.byteOffset, source.length))
        : yauzl.openPromise(name ?? '', { autoClose: false }),
    );
    try {
      if (file.entryCount > most) {
        throw zipError(
          'LIMIT',
          name,
          `there are ${file.entryCount} entries, more than limits.entries, ${most}`,
        );
      }
      const entries = await opened(name, () => listed(file));
      return new ZipArchive(file, entries, name);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** The compressed bytes of an entry. The header before them must say the same as the directory. */
  async openRaw({ record, entry }: Listed): Promise<Readable> {
    return opened(this.path, async () => {
      const header = await this.#file.readLocalFileHeaderPromise(record, { minimal: false });
      if (
        !header.fileName.equals(record.fileNameRaw) ||
        header.compressionMethod !== record.compressionMethod
      ) {
        throw zipError('CORRUPT', this.path, `${entry.name}: its header contradicts the directory`);
      }
      return this.#file.openReadStreamPromise(record, { decodeFileData: false });
    });
  }

  close(): void {
    this.#file.close();
  }
}

const pathOf = (source: ZipSource): string | undefined => {
  if (source instanceof Uint8Array) return undefined;
  return typeof source === 'string' ? source : fileURLToPath(source);
};

async function listed(file: ZipFile): Promise<Listed[]> {
  const entries: Listed[] = [];
  for await (const record of file.eachEntry()) {
    entries.push({
      record,
      entry: {
        name: record.fileName,
        size: record.uncompressedSize,
        packedSize: record.compressedSize,
        method: record.compressionMethod,
        encrypted: record.isEncrypted(),
        crc: record.crc32,
        modified: record.getLastModDate(),
      },
    });
  }
  return entries;
}

/** What yauzl finds wrong with a file is an error of ours; what the system says stays what it is. */
async function opened<Result>(path: string | undefined, open: () => Promise<Result>): Promise<Result> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof CodecError || 'code' in error) throw error;
    throw new CodecError(/not found|unexpected EOF|overflows/.test(error.message) ? 'TRUNCATED' : 'CORRUPT', {
      codec: 'zip',
      problem: error.message.replace(/\.$/, ''),
      hint: 'The file is damaged, incomplete or no zip file',
      path,
      cause: error,
    });
  }
}
