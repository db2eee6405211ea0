import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { ConvertError } from '../errors.ts';
import { KnownFormats } from '../formats/known-formats.ts';
import { planDestination } from '../plan.ts';
import { pathOf } from '../source/path-of.ts';
import type { ParsedBulkOptions } from './bulk-options.ts';
import { findSources } from './find-sources.ts';
import { type FoundFile, type FoundFiles, foundInMemory } from './found-files.ts';
import { outputPath, patternOf } from './name-outputs.ts';
import { samePath, Selection } from './selection.ts';

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
  const jobs: Job[] = [];
  let looks: Promise<Job>[] = [];
  for await (const { source, destination, rejects } of await nameJobs(sources, outDir, options)) {
    const look = stateOf(source, (stats) => stats.isFile());
    looks.push(look.then((sourceState) => ({ source, destination, rejects, sourceState })));
    if (looks.length < looksAtOnce) continue;
    jobs.push(...(await Promise.all(looks)));
    looks = [];
    options.signal?.throwIfAborted();
  }
  jobs.push(...(await Promise.all(looks)));
  return jobs;
}

/** Files that are looked at together. More gain nothing, as each waits for one of few threads, and takes memory. */
const looksAtOnce = 64;

/** Files between two reports of how many have been found. */
const reportInterval = 1000;

/**
 * Finds all files, names all outputs and checks them, before anything is written; the jobs are made as
 * they are asked for. Of the files only digests are held here.
 *
 * @param found Where the files are kept meanwhile.
 * @throws {ConvertError} `OUTPUT_COLLISION` where two files, or a file and the source of another,
 * would share a path, and what finding and naming raise. An abort throws its reason.
 */
export async function nameJobs(
  sources: readonly (string | URL)[],
  outDir: string,
  options: ParsedBulkOptions,
  found: FoundFiles = foundInMemory(),
): Promise<AsyncIterable<NamedJob>> {
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

  const { recursive, signal, onFound } = options;
  const nameOf = (file: FoundFile): string => outputPath(file, outDir, naming);
  const selection = new Selection(found, outDir, nameOf, reserved(options));
  let count = 0;
  for await (const file of findSources(sources, { recursive, outDir, signal })) {
    await selection.add(file);
    count += 1;
    if (count % reportInterval === 0) {
      signal?.throwIfAborted();
      onFound?.(count);
    }
  }
  onFound?.(count);
  await selection.refuseCollisions(signal);
  const rejects = options.rejects && pathOf(options.rejects);
  return jobsOf(selection, outDir, rejects);
}

async function* jobsOf(
  selection: Selection,
  outDir: string,
  rejects: string | undefined,
): AsyncGenerator<NamedJob, void> {
  for await (const { file, destination } of selection.sources()) {
    const name = `${relative(outDir, destination)}.rejects.jsonl`;
    yield { source: file.path, destination, rejects: rejects && join(rejects, name) };
  }
}

/** What `convert` is told of the output. */
export function endpointOf(to: ParsedBulkOptions['to']) {
  if (typeof to === 'string') return {};
  const { pattern: _, ...endpoint } = to;
  return endpoint;
}

function reserved({ manifest, rejects }: ParsedBulkOptions): string[] {
  return [manifest, rejects].filter((file) => file !== undefined).map((file) => samePath(pathOf(file)));
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
