import { type FileHandle, open as openFile } from 'node:fs/promises';

import { type Durability, open as openAtomic } from '@x/atomic-fs';

import { ConvertError } from '../errors.ts';
import type { ByteOutput, Produce } from './destination.ts';

/** Writes to a temp beside the file, which takes the file's place on commit. */
export async function openAtomicFile(
  path: string,
  options: { readonly durability: Durability; readonly signal?: AbortSignal | undefined },
): Promise<ByteOutput> {
  const { durability, signal } = options;
  const file = await openAtomic(path, { durability, ...(signal && { signal }) });
  return {
    // Into a pipe or a device the bytes go straight, as there is nothing to replace.
    atomic: file.tempPath !== file.path,
    writeAll: (produce) => produce({ write: (chunk) => file.write(chunk) }),
    commit: () => file.commit(),
    discard: () => file.discard(),
  };
}

const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'free space on the disk; with atomic: true the old file would still be there',
  EACCES: 'write permission is needed',
  EROFS: 'the file system is mounted read-only',
};

/** Writes into the file itself, which is truncated when the first chunk is there, not before. */
export class DirectFile implements ByteOutput {
  readonly atomic = false;
  readonly #path: string;
  #handle: FileHandle | undefined;
  /** The write that is under way, or was the last: a format may fail while its file is still being written. */
  #writing: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async writeAll(produce: Produce): Promise<void> {
    await produce({ write: (chunk) => (this.#writing = this.#told(this.#write(chunk))) });
    await this.#told(this.#open());
  }

  async commit(): Promise<void> {
    await this.#close();
  }

  async discard(): Promise<void> {
    await this.#close();
  }

  async #open(): Promise<FileHandle> {
    this.#handle ??= await openFile(this.#path, 'w');
    return this.#handle;
  }

  async #write(chunk: Uint8Array): Promise<void> {
    const handle = await this.#open();
    // A disk that fills up takes part of a chunk and says so only by the count.
    for (let offset = 0; offset < chunk.length;) {
      offset += (await handle.write(chunk, offset)).bytesWritten;
    }
  }

  async #close(): Promise<void> {
    // Whoever gave it the chunk is told of its failure, or has failed before.
    await this.#writing?.catch(() => undefined);
    const handle = this.#handle;
    this.#handle = undefined;
    await this.#told(handle?.close());
  }

  /** Says of a failure of the file system which file it struck. */
  async #told(work: Promise<unknown> | undefined): Promise<void> {
    try {
      await work;
    } catch (cause) {
      const { code = 'UNKNOWN', message } = cause as NodeJS.ErrnoException;
      const hint = hints[code];
      throw new ConvertError(
        code,
        `the destination cannot be written: ${message}`,
        { path: this.#path, hint },
        { cause },
      );
    }
  }
}
