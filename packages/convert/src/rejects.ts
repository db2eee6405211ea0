import { type AtomicFile, open } from '@x/atomic-fs';

import { ConvertError } from './errors.ts';

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

  /** @param path Nothing is kept if there is none. It is replaced when the run has succeeded. */
  static async open(path: string | URL | undefined, signal: AbortSignal | undefined): Promise<Rejects> {
    return new Rejects(path === undefined ? undefined : await open(path, signal && { signal }));
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
