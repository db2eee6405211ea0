import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

import { ConvertError } from '../errors.ts';
import { KnownFormats } from '../formats/known-formats.ts';
import { planDestination } from '../plan.ts';
import { pathOf } from '../source/path-of.ts';
import type { ParsedBulkOptions } from './bulk-options.ts';
import { findSources, type FoundFile, isBelow } from './find-sources.ts';
import { outputPath, patternOf } from './name-outputs.ts';

/** One file to convert. */
export interface Job extends NamedJob {
  /** Bytes of the source and when it changed last; undefined where it cannot be looked at. */
  readonly sourceState: FileState | undefined;
}

export interface NamedJob {
  readonly source: string;
  readonly destination: string;
  /** File for the rows that are skipped, if they are wanted. */
  readonly rejects: string | undefined;
}

export interface FileState {
  /** Length in bytes. */
  readonly size: number;
  /** Time of the last change, in milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** Finds all files, names all outputs and looks at each file. @throws {ConvertError} As {@link nameJobs}. */
export async function planJobs(
  sources: readonly (string | URL)[],
  outDir: string,
  options: ParsedBulkOptions,
): Promise<Job[]> {
  const jobs = await nameJobs(sources, outDir, options);
  return Promise.all(
    jobs.map(async ({ source, destination, rejects }) => ({
      source,
      destination,
      rejects,
      sourceState: await stateOf(source, (stats) => stats.isFile()),
    })),
  );
}

/**
 * Finds all files and names all outputs, before anything is written.
 *
 * @throws {ConvertError} `OUTPUT_COLLISION` where two files, or a file and the source of another,
 * would share a path, and what finding and naming raise.
 */
export async function nameJobs(
  sources: readonly (string | URL)[],
  outDir: string,
  options: ParsedBulkOptions,
): Promise<NamedJob[]> {
  if ((await stateOf(outDir, (stats) => !stats.isDirectory())) !== undefined) {
    const hint = 'name a folder; it is made if it is not there';
    throw new ConvertError('DESTINATION_NOT_DIRECTORY', 'the output folder is a file', {
      path: outDir,
      hint,
    });
  }
  const formats = new KnownFormats(options.formats).signs;
  const pattern = patternOf(options.to, formats);
  const naming = { pattern, preserveDirs: options.preserveDirs, formats };
  // A pattern that says the format itself is wrong for all files or for none.
  if (!/\{(?:name|ext)\}/.test(pattern)) {
    await planDestination(join(outDir, pattern), { ...options, to: endpointOf(options.to) });
  }

  const found = await findSources(sources, { recursive: options.recursive, outDir });
  const named = found.map((file) => ({ file, destination: outputPath(file, outDir, naming) }));
  const rejects = options.rejects && pathOf(options.rejects);
  const jobs = withoutOutputs(named, reserved(options));
  refuseCollisions(jobs);
  return jobs.map(({ file: { path }, destination }) => ({
    source: path,
    destination,
    rejects: rejects && join(rejects, `${relative(outDir, destination)}.rejects.jsonl`),
  }));
}

/** What `convert` is told of the output. */
export function endpointOf(to: ParsedBulkOptions['to']) {
  if (typeof to === 'string') return {};
  const { pattern: _, ...endpoint } = to;
  return endpoint;
}

interface Named {
  readonly file: FoundFile;
  readonly destination: string;
}

/**
 * What a folder or a glob holds beside sources: the outputs of an earlier run, its manifest and its
 * rejects. A file that was named stays.
 */
function withoutOutputs(all: readonly Named[], ours: readonly string[]): Named[] {
  const makers = new Map<string, string>();
  for (const { file, destination } of all) makers.set(samePath(destination), samePath(file.path));
  return all.filter(({ file }) => {
    const path = samePath(file.path);
    if (file.named) return true;
    if (ours.some((one) => path === one || isBelow(path, one))) return false;
    const maker = makers.get(path);
    return maker === undefined || maker === path;
  });
}

function reserved({ manifest, rejects }: ParsedBulkOptions): string[] {
  return [manifest, rejects].filter((file) => file !== undefined).map((file) => samePath(pathOf(file)));
}

function refuseCollisions(jobs: readonly Named[]): void {
  const takenBy = new Map<string, string>();
  const sources = new Set(jobs.map(({ file }) => samePath(file.path)));
  for (const { file, destination } of jobs) {
    const key = samePath(destination);
    const other = takenBy.get(key);
    if (other !== undefined) {
      throw new ConvertError('OUTPUT_COLLISION', `${other} and ${file.path} would both become this file`, {
        path: destination,
        hint: 'a pattern with {name} keeps extensions apart, preserveDirs: true keeps folders apart',
      });
    }
    if (sources.has(key) && key !== samePath(file.path)) {
      throw new ConvertError('OUTPUT_COLLISION', `the output of ${file.path} is itself a source`, {
        path: destination,
        hint: 'give another output folder, or convert one of the two first',
      });
    }
    takenBy.set(key, file.path);
  }
}

/** These systems take `A` and `a` for one file. */
const ignoresCase = process.platform === 'darwin' || process.platform === 'win32';

function samePath(path: string): string {
  const absolute = resolve(path);
  return ignoresCase ? absolute.toLowerCase() : absolute;
}

/** Undefined where there is nothing, or nothing of that kind; the job itself finds out why. */
export async function stateOf(
  path: string,
  isWanted: (stats: Awaited<ReturnType<typeof stat>>) => boolean,
): Promise<FileState | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats || !isWanted(stats)) return undefined;
  return { size: stats.size, modifiedMs: stats.mtimeMs };
}
