import { type FileHandle, open as openFile } from 'node:fs/promises';

import { type Durability, open as openAtomic } from '@x/atomic-fs';

/** Where the finished bytes go. Nothing is touched before {@link Destination.writeAll} has a first chunk. */
export interface Destination {
  /** Whether what was there stays until {@link commit}. */
  readonly atomic: boolean;
  writeAll(chunks: AsyncIterable<Uint8Array>): Promise<void>;
  commit(): Promise<void>;
  /** Gives up. An atomic destination is then as it was; a direct one keeps what has been written. */
  discard(): Promise<void>;
}

export async function openDestination(
  path: string,
  options: {
    readonly atomic: boolean;
    readonly durability: Durability;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Destination> {
  if (!options.atomic) return new DirectFile(path);
  const { durability, signal } = options;
  const file = await openAtomic(path, { durability, ...(signal && { signal }) });
  return {
    atomic: true,
    writeAll: (chunks) => file.writeAll(chunks),
    commit: () => file.commit(),
    discard: () => file.discard(),
  };
}

/** Writes into the file itself, which is truncated when the first chunk is there, not before. */
class DirectFile implements Destination {
  readonly atomic = false;
  readonly #path: string;
  #handle: FileHandle | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async writeAll(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of chunks) {
      this.#handle ??= await openFile(this.#path, 'w');
      // A disk that fills up takes part of a chunk and says so only by the count.
      for (let offset = 0; offset < chunk.length;) {
        const { bytesWritten } = await this.#handle.write(chunk, offset);
        offset += bytesWritten;
      }
    }
    this.#handle ??= await openFile(this.#path, 'w');
  }

  async commit(): Promise<void> {
    await this.#close();
  }

  async discard(): Promise<void> {
    await this.#close();
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}
