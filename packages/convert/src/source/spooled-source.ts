import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Batch, RandomAccessSource, Reader, Schema } from '@x/formats';

import { ConvertError } from '../errors.ts';
import { readExactly } from './read-exactly.ts';

const chunkSize = 512 * 1024;

/**
 * What comes through a pipe or out of a decompressor, kept in a temp file so that it can be read out
 * of order. The file has no name while it is used, so that nothing can leave it behind; on Windows,
 * where that cannot be, it is removed in the end.
 */
class Spool implements RandomAccessSource {
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #path: string;

  private constructor(handle: FileHandle, path: string, size: number) {
    this.#handle = handle;
    this.#path = path;
    this.size = size;
  }

  /** Takes all of the bytes, to their verified end. */
  static async of(bytes: AsyncIterable<Uint8Array>): Promise<Spool> {
    const folder = tmpdir();
    const path = join(folder, `x-spool-${process.getBuiltinModule('node:crypto').randomUUID()}`);
    const handle = await open(path, 'wx+', 0o600).catch((error: unknown) => {
      throw unusable(folder, error);
    });
    let size = 0;
    try {
      if (process.platform !== 'win32') await rm(path);
      for await (const chunk of bytes) {
        for (let done = 0; done < chunk.length;) {
          const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, size);
          done += bytesWritten;
          size += bytesWritten;
        }
      }
      return new Spool(handle, path, size);
    } catch (error) {
      await handle.close();
      await rm(path, { force: true });
      throw error;
    }
  }

  readAt(position: number, length: number): Promise<Uint8Array> {
    return readExactly(this.#handle, position, length);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (let at = 0; at < this.size; at += chunkSize) {
      yield await this.readAt(at, Math.min(chunkSize, this.size - at));
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
    await rm(this.#path, { force: true });
  }
}

function unusable(folder: string, cause: unknown): ConvertError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
  const what = isMissing ? 'is not there' : `cannot be written: ${message}`;
  return new ConvertError(
    'NO_TEMP_FOLDER',
    `the folder for temporary files, ${folder}, ${what}`,
    {
      path: folder,
      hint: 'this format is read from a file: make that folder, or name another in TMPDIR (TEMP on Windows)',
    },
    { cause },
  );
}

/** Reads, by a reader that needs random access, what has none. Nothing is spooled before the first row is asked for. */
export class SpoolingReader implements Reader {
  readonly #bytes: AsyncIterable<Uint8Array>;
  readonly #createReader: (source: RandomAccessSource) => Reader;
  #opened: Promise<{ readonly spool: Spool; readonly reader: Reader }> | undefined;

  constructor(bytes: AsyncIterable<Uint8Array>, createReader: (source: RandomAccessSource) => Reader) {
    this.#bytes = bytes;
    this.#createReader = createReader;
  }

  async schema(): Promise<Schema> {
    const { reader } = await this.#open();
    return reader.schema();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void> {
    const { reader } = await this.#open();
    yield* reader;
  }

  /** Gives the temp file back. */
  async close(): Promise<void> {
    // Whoever opened it has been told why that failed.
    const opened = await this.#opened?.catch(() => undefined);
    await opened?.spool.close();
  }

  #open() {
    this.#opened ??= Spool.of(this.#bytes).then((spool) => ({ spool, reader: this.#createReader(spool) }));
    return this.#opened;
  }
}
