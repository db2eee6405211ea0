import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';

import { writeFile } from '@x/atomic-fs';
import * as z from 'zod/mini';

import { ConvertError, explained } from '../errors.ts';
import { makeFolder } from './make-folder.ts';
import type { FileState, Job } from './plan-jobs.ts';
import type { FileResult } from './run-jobs.ts';

const counts = z.object({
  rowsRead: z.number(),
  rowsWritten: z.number(),
  rowsSkipped: z.number(),
  rowsDropped: z.number(),
  bytesRead: z.number(),
  bytesWritten: z.number(),
});

const entrySchema = z.object({
  /** Paths are relative to the manifest, with forward slashes. */
  source: z.string(),
  destination: z.string(),
  status: z.enum(['succeeded', 'failed', 'skipped']),
  reason: z.optional(z.enum(['exists', 'stopped'])),
  /** The source as it was converted. */
  sourceBytes: z.optional(z.number()),
  sourceModifiedMs: z.optional(z.number()),
  ...z.partial(counts).shape,
  error: z.optional(z.object({ code: z.optional(z.string()), message: z.string() })),
});

const manifestSchema = z.object({ version: z.literal(1), files: z.array(entrySchema) });

type Entry = z.output<typeof entrySchema>;

/** What became of each file, in a run and in the one before it. */
export class Manifest {
  readonly #path: string;
  readonly #before: ReadonlyMap<string, Entry>;

  private constructor(path: string, before: ReadonlyMap<string, Entry>) {
    this.#path = path;
    this.#before = before;
  }

  /** @throws {ConvertError} `BAD_MANIFEST` if there is a file that is no manifest. */
  static async open(path: string): Promise<Manifest> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Manifest(path, new Map());
      throw explained(error, { path, hint: 'name a file that can be read, or is not there yet' });
    }
    try {
      const { files } = manifestSchema.parse(JSON.parse(text));
      return new Manifest(path, new Map(files.map((entry) => [entry.destination, entry])));
    } catch (cause) {
      const hint = 'name another file, or remove this one if it is of no use';
      const message = 'the file is not a manifest of an earlier run';
      throw new ConvertError('BAD_MANIFEST', message, { path, hint }, { cause });
    }
  }

  /**
   * Whether the output of an earlier run can stay. One that no manifest knows is somebody else's, and stays. One that
   * was to be made and was not begun may be of an older source, or a part that a killed run has left: it does not.
   */
  vouchesFor({ source, destination, sourceState }: Job): boolean {
    const entry = this.#before.get(this.#nameOf(destination));
    if (!entry || entry.reason === 'exists') return true;
    const isSame = entry.source === this.#nameOf(source) && isUnchanged(entry, sourceState);
    return entry.status === 'succeeded' && isSame;
  }

  /** As the folders of the outputs are made. @throws {ConvertError} As {@link makeFolder}. */
  makeFolder(): Promise<void> {
    return makeFolder(dirname(this.#path));
  }

  /** Written last: where it is, the run has ended. */
  async write(jobs: readonly Job[], results: readonly FileResult[]): Promise<void> {
    const files = results.map((result, i) => this.#entryOf(jobs[i]!, result));
    await writeFile(this.#path, `${JSON.stringify({ version: 1, files }, undefined, 2)}\n`);
  }

  #entryOf({ source, destination, sourceState }: Job, { status, reason, result, error }: FileResult): Entry {
    const before = this.#before.get(this.#nameOf(destination));
    // What was there already is as it was when it was converted; what was not started, as it was before.
    if (status === 'skipped' && before) return before;
    return {
      source: this.#nameOf(source),
      destination: this.#nameOf(destination),
      status,
      ...(reason && { reason }),
      ...(sourceState && { sourceBytes: sourceState.size, sourceModifiedMs: sourceState.modifiedMs }),
      ...(result && counts.parse(result)),
      ...(error && { error: { ...codeOf(error), message: error.message } }),
    };
  }

  #nameOf(path: string): string {
    return relative(dirname(resolve(this.#path)), resolve(path))
      .split(sep)
      .join('/');
  }
}

function isUnchanged(entry: Entry, state: FileState | undefined): boolean {
  return (
    state !== undefined && entry.sourceBytes === state.size && entry.sourceModifiedMs === state.modifiedMs
  );
}

function codeOf(error: Error): { readonly code?: string } {
  return 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
}
