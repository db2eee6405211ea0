import { type AtomicFile, open } from '@x/atomic-fs';

import { ConvertError, explained } from './errors.ts';
import { filePath, pathOf } from './source/path-of.ts';
import { isSameFile } from './source/same-file.ts';

/** Lines gathered before they are written. */
const flushAt = 64 * 1024;

/** The rows that were skipped, one JSON object a line: where, why, and what it was. */
export class Rejects {
  readonly #file: AtomicFile | undefined;
  #lines: string[] = [];
  #length = 0;

  private constructor(file: AtomicFile | undefined) {
    this.#file = file;
  }

  /**
   * @param file Nothing is kept if there is none. It is replaced when the run has succeeded.
   * @param others Source and destination, which must not be replaced by it.
   * @throws {ConvertError} `BAD_OPTION` if it is one of them.
   */
  static async open(
    file: string | URL | undefined,
    others: { readonly source?: unknown; readonly destination?: unknown },
    signal: AbortSignal | undefined,
  ): Promise<Rejects> {
    if (file === undefined) return new Rejects(undefined);
    const path = pathOf(file);
    for (const name of ['source', 'destination'] as const) {
      const itsPath = filePath(others[name]);
      if (itsPath !== undefined && (await isSameFile(path, itsPath))) throw sameAs(name, path);
    }
    try {
      return new Rejects(await open(path, signal && { signal }));
    } catch (error) {
      throw explained(error, { path }, signal);
    }
  }

  /** @param row Position in the source, from 1, where the error does not say it. */
  add(error: Error, record: string | undefined, row?: number): void {
    if (!this.#file) return;
    const { code, line, column, byteOffset, ...place } = error as Partial<ConvertError>;
    const told = { row: row ?? place.row, line, column, byteOffset, code, reason: error.message, record };
    const entry = `${JSON.stringify(told)}\n`;
    this.#lines.push(entry);
    this.#length += entry.length;
  }

  /** To be awaited between batches, so that what is gathered stays small. */
  async flush(least = flushAt): Promise<void> {
    if (this.#length < least || this.#length === 0) return;
    const text = this.#lines.join('');
    this.#lines = [];
    this.#length = 0;
    await this.#file?.write(text);
  }

  async commit(): Promise<void> {
    await this.flush(0);
    await this.#file?.commit();
  }

  async discard(): Promise<void> {
    await this.#file?.discard();
  }
}

function sameAs(other: string, path: string): ConvertError {
  return new ConvertError('BAD_OPTION', `option rejects ('${path}') is the ${other} itself`, {
    path,
    hint: 'name a file of their own for the rows that are skipped',
  });
}
