import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A place for a database that has no name for longer than it takes to open it, so that nothing is left
 * behind; on Windows, where that cannot be, it is removed in the end.
 */
export class TempDatabase {
  readonly #folder = mkdtempSync(join(tmpdir(), 'x-sqlite-'));
  readonly path = join(this.#folder, 'database');
  #descriptor: number | undefined;

  /** Creates the file, and gives its descriptor, to be read and written. */
  open(): number {
    this.#descriptor ??= openSync(this.path, 'wx+', 0o600);
    return this.#descriptor;
  }

  /** Takes the name away, now that everybody who needs the file has it open. */
  hide(): void {
    if (process.platform !== 'win32') rmSync(this.#folder, { recursive: true, force: true });
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
