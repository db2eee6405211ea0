import { resolve, sep } from 'node:path';

import { ConvertError } from '../errors.ts';
import { DigestTable } from './digest-table.ts';
import { isBelow } from './find-sources.ts';
import type { FoundFile, FoundFiles } from './found-files.ts';

/** A file that is to be converted, and into what. */
export interface Named {
  readonly file: FoundFile;
  readonly destination: string;
}

interface Numbered extends Named {
  /** Its place among all that was found, from 0. */
  readonly number: number;
}

/**
 * Which of the files that were found are sources, and whether their outputs keep out of each other's way.
 * Files are told apart by digests of their paths, so that it takes the same memory whatever these are;
 * the files themselves are read again from where they are kept.
 *
 * What a folder or a glob holds beside sources are the outputs of an earlier run, its manifest and its
 * rejects. A file that was named stays.
 */
export class Selection {
  readonly #found: FoundFiles;
  readonly #nameOf: (file: FoundFile) => string;
  /** Manifest and rejects. */
  readonly #reserved: readonly string[];
  readonly #outputs: string;
  /** By the paths of outputs: the last file that becomes it. */
  readonly #makers = new DigestTable();
  /** Outputs that several files would become. */
  readonly #contested = new DigestTable();
  /** Whether a file may be the output of one: it lies among them, or an output lies elsewhere. */
  #mayBeOutputs = false;
  /** Whether the manifest or the rejects may have the path of a source or an output. */
  #meetsReserved = false;
  #count = 0;

  constructor(
    found: FoundFiles,
    outDir: string,
    nameOf: (file: FoundFile) => string,
    reserved: readonly string[],
  ) {
    this.#found = found;
    this.#nameOf = nameOf;
    this.#reserved = reserved;
    const folder = samePath(outDir);
    this.#outputs = folder.endsWith(sep) ? folder : `${folder}${sep}`;
  }

  add(file: FoundFile): void | Promise<void> {
    const output = samePath(this.#nameOf(file));
    if (this.#makers.set(output, this.#count) !== undefined) this.#contested.set(output, 0);
    this.#count += 1;
    const path = samePath(file.path);
    this.#meetsReserved ||= this.#reserved.includes(output) || this.#reserved.includes(path);
    this.#mayBeOutputs ||= path.startsWith(this.#outputs) || !output.startsWith(this.#outputs);
    return this.#found.add(file);
  }

  /** In the order in which they were found. */
  async *sources(): AsyncGenerator<Numbered, void> {
    let number = -1;
    for await (const file of this.#found.all()) {
      number += 1;
      if (this.#isSource(file, number)) yield { file, number, destination: this.#nameOf(file) };
    }
  }

  #isSource({ path, named }: FoundFile, number: number): boolean {
    if (named) return true;
    if (this.#reserved.length > 0) {
      const same = samePath(path);
      if (this.#reserved.some((one) => same === one || isBelow(same, one))) return false;
    }
    if (!this.#mayBeOutputs) return true;
    const maker = this.#makers.get(samePath(path));
    return maker === undefined || maker === number;
  }

  /** @throws {ConvertError} `OUTPUT_COLLISION`. An abort throws its reason. */
  async refuseCollisions(signal?: AbortSignal): Promise<void> {
    const overwritten = this.#mayBeOutputs ? await this.#sourcesThatAreOutputs(signal) : new DigestTable();
    if (this.#contested.size === 0 && overwritten.size === 0 && !this.#meetsReserved) return;
    const takenBy = new DigestTable();
    for await (const { file, number, destination } of this.sources()) {
      signal?.throwIfAborted();
      const output = samePath(destination);
      const other = this.#contested.has(output) ? takenBy.set(output, number) : undefined;
      if (other !== undefined) {
        const { path } = await this.#numbered(other);
        throw new ConvertError('OUTPUT_COLLISION', `${path} and ${file.path} would both become this file`, {
          path: destination,
          hint: 'a pattern with {name} keeps extensions apart, preserveDirs: true keeps folders apart',
        });
      }
      const taken = [output, samePath(file.path)].find((path) => this.#reserved.includes(path));
      if (taken !== undefined) {
        const what = taken === output ? `the output of ${file.path}` : 'a source';
        throw new ConvertError('OUTPUT_COLLISION', `${what} is where the manifest or the rejects go`, {
          path: taken === output ? destination : file.path,
          hint: 'name another file for the manifest, or another folder for the rejects',
        });
      }
      if (overwritten.has(output) && output !== samePath(file.path)) {
        throw new ConvertError('OUTPUT_COLLISION', `the output of ${file.path} is itself a source`, {
          path: destination,
          hint: 'give another output folder, or convert one of the two first',
        });
      }
    }
  }

  /** Those that another file would become; without those that only become themselves, which is no harm. */
  async #sourcesThatAreOutputs(signal: AbortSignal | undefined): Promise<DigestTable> {
    const overwritten = new DigestTable();
    for await (const { file, number } of this.sources()) {
      signal?.throwIfAborted();
      const path = samePath(file.path);
      const maker = this.#makers.get(path);
      if (maker === undefined || (maker === number && !this.#contested.has(path))) continue;
      overwritten.set(path, number);
    }
    return overwritten;
  }

  async #numbered(number: number): Promise<FoundFile> {
    let next = 0;
    for await (const file of this.#found.all()) {
      if (next === number) return file;
      next += 1;
    }
    throw new RangeError(`no file has the number ${number}`);
  }
}

/** These systems take `A` and `a` for one file. */
const ignoresCase = process.platform === 'darwin' || process.platform === 'win32';

/** A path as it is compared. */
export function samePath(path: string): string {
  const absolute = resolve(path);
  return ignoresCase ? absolute.toLowerCase() : absolute;
}
