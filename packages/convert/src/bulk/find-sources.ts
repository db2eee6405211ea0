import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';

import { ConvertError } from '../errors.ts';
import { pathOf } from '../source/path-of.ts';
import { DigestTable } from './digest-table.ts';
import type { FoundFile } from './found-files.ts';
import { filesIn } from './walk.ts';

export interface Search {
  readonly recursive: boolean;
  /** Where the outputs go. Below a folder that is searched, they are no sources. */
  readonly outDir: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The files that are meant by paths, folders and globs, in that order and each of them once, at its first
 * place; those of a folder or a glob sorted by their paths. One that is named anywhere counts as named. A file
 * that is named need not be there: it fails by itself.
 *
 * What is held are the names in a folder and, if there are several sources, a digest of each file.
 *
 * @throws {ConvertError} `SOURCE_NOT_FOUND` for a glob that nothing matches, `SOURCE_UNREADABLE` for a folder.
 * An abort throws its reason.
 */
export async function* findSources(
  sources: readonly (string | URL)[],
  search: Search,
): AsyncGenerator<FoundFile, void> {
  const { kinds, base } = await lookAt(sources, search.signal);
  const named = (place: number): FoundFile => {
    const path = pathOf(sources[place]!);
    return { path, folders: relative(base, dirname(resolve(path))) || '.', named: true };
  };
  /** By files: that they were found, or the place at which they are to be named. */
  const places = new DigestTable();
  for (let place = sources.length - 1; place >= 0; place -= 1) {
    if (kinds[place] === kind.file) places.set(resolve(pathOf(sources[place]!)), place);
  }
  for (const [place, source] of sources.entries()) {
    const path = pathOf(source);
    const files = kinds[place] === kind.file ? [named(place)] : filesOf(path, kinds[place]!, search);
    for await (const file of files) {
      // A single source finds each file once.
      const before = sources.length === 1 ? undefined : places.set(resolve(file.path), isFound);
      if (before !== isFound) yield before === undefined ? file : named(before);
    }
  }
}

const isFound = 2 ** 32 - 2;

/** What a source is. */
const kind = { file: 0, folder: 1, glob: 2 } as const;

/** What each source is, and the folder that all files that are named share. */
async function lookAt(
  sources: readonly (string | URL)[],
  signal: AbortSignal | undefined,
): Promise<{ readonly kinds: Uint8Array; readonly base: string }> {
  const kinds = new Uint8Array(sources.length);
  let shared: string[] | undefined;
  for (const [place, source] of sources.entries()) {
    signal?.throwIfAborted();
    const path = pathOf(source);
    // A file whose name happens to look like a glob is that file.
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory()) kinds[place] = kind.folder;
    else if (!stats && picomatch.scan(slashed(path), scanning).isGlob) kinds[place] = kind.glob;
    else {
      const home = dirname(resolve(path)).split(sep);
      const parts: string[] = (shared ??= home);
      const end = parts.findIndex((part, i) => home[i] !== part);
      if (end >= 0) shared = parts.slice(0, end);
    }
  }
  return { kinds, base: shared?.join(sep) || sep };
}

async function* filesOf(
  source: string,
  itsKind: number,
  { recursive, outDir, signal }: Search,
): AsyncGenerator<FoundFile, void> {
  const { base, glob } = picomatch.scan(slashed(source), scanning);
  const isFolder = itsKind === kind.folder;
  const folder = isFolder ? source : base || '.';
  const depth = isFolder ? (recursive ? Infinity : 1) : depthOf(glob);
  const matches = isFolder ? () => true : picomatch(glob, scanning);
  const isOutput = isBelow(outDir, folder) ? (path: string) => isBelow(path, outDir) : () => false;
  let isEmpty = true;
  for await (const file of filesIn(folder, depth, signal)) {
    if (!matches(file)) continue;
    isEmpty = false;
    const path = join(folder, file);
    if (!isOutput(path)) yield { path, folders: dirname(file), named: false };
  }
  if (isFolder || !isEmpty) return;
  const hint = 'check the pattern; a relative one starts at the working directory';
  throw new ConvertError('SOURCE_NOT_FOUND', 'no file matches the pattern', { path: source, hint });
}

const scanning = { nonegate: true } as const;

function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** Levels of folders in which a glob can match. */
function depthOf(glob: string): number {
  return glob.includes('**') ? Infinity : glob.split('/').length;
}

export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === resolve(path);
}
