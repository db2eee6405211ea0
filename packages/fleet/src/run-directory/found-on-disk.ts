import { type FileHandle, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { FoundFile, FoundFiles } from '@x/convert';

import { FleetError, systemCode } from '../fleet-error.ts';
import { uniqueToken } from './layout.ts';

/** Characters that are written at a time, and bytes that are read at a time. */
const pieceLength = 2 ** 16;

type Line = readonly [path: string, folders: string, named: boolean];

/**
 * Found files in a temp of the file system that the run will be on, which has room for the plan. It has no name from
 * its first moment on, where the system allows that, so that it is gone with the process.
 */
export class FoundOnDisk implements FoundFiles {
  readonly #out: string;
  #temp: { readonly path: string; readonly handle: FileHandle } | undefined;
  #waiting = '';
  #length = 0;

  /** @param out The folder of the outputs, which need not be there. */
  constructor(out: string) {
    this.#out = out;
  }

  add({ path, folders, named }: FoundFile): void | Promise<void> {
    const line: Line = [path, folders, named];
    this.#waiting += `${JSON.stringify(line)}\n`;
    return this.#waiting.length < pieceLength ? undefined : this.#write();
  }

  async *all(): AsyncGenerator<FoundFile, void> {
    await this.#write();
    let rest: Buffer = Buffer.alloc(0);
    for (let at = 0; at < this.#length;) {
      const piece = Buffer.alloc(Math.min(pieceLength, this.#length - at));
      const { bytesRead } = await this.#temp!.handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0) throw this.#failed('it is cut off');
      at += bytesRead;
      const bytes = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf('\n') + 1;
      rest = bytes.subarray(end);
      if (end === 0) continue;
      for (const line of bytes.toString('utf8', 0, end - 1).split('\n')) {
        const [path, folders, named] = JSON.parse(line) as Line;
        yield { path, folders, named };
      }
    }
  }

  async close(): Promise<void> {
    if (this.#temp === undefined) return;
    await this.#temp.handle.close();
    await rm(this.#temp.path, { force: true });
  }

  async #write(): Promise<void> {
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = '';
    if (bytes.length === 0) return;
    this.#temp ??= await this.#open();
    try {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await this.#temp.handle.write(bytes, at, bytes.length - at, this.#length);
        at += bytesWritten;
        this.#length += bytesWritten;
      }
    } catch (error) {
      throw this.#failed((error as Error).message, error);
    }
  }

  async #open(): Promise<{ readonly path: string; readonly handle: FileHandle }> {
    // A dotfile, which is never taken for a source.
    const path = join(await nearestFolder(this.#out), `.x-found-${uniqueToken()}.tmp`);
    const handle = await open(path, 'wx+').catch((error: unknown) => {
      throw this.#failed((error as Error).message, error);
    });
    // Where an open file keeps its name, it is removed when it is closed.
    await rm(path, { force: true }).catch(() => undefined);
    return { path, handle };
  }

  #failed(problem: string, cause?: unknown): FleetError {
    return new FleetError('STORAGE_FAILED', `the list of the files that were found: ${problem}`, {
      path: this.#out,
      hint: 'Nothing of the run is there yet: mend the storage and start it again',
      cause,
    });
  }
}

/** The folder itself, or the nearest one above it that is there. */
async function nearestFolder(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
  const above = dirname(path);
  return above === path ? path : nearestFolder(above);
}
