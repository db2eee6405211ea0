import { stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';

import { ConvertError } from '../errors.ts';
import { pathOf } from '../source/path-of.ts';
import { filesIn } from './walk.ts';

export interface FoundFile {
  readonly path: string;
  /** Its folders below the one that was searched; empty where it lay there itself. */
  readonly folders: string;
  /** Whether it was named itself, not found in a folder or by a glob. */
  readonly named: boolean;
}

export interface Search {
  readonly recursive: boolean;
  /** Where the outputs go. Below a folder that is searched, they are no sources. */
  readonly outDir: string;
}

/**
 * The files that are meant by paths, folders and globs, in that order and each of them once; those
 * of a folder or a glob sorted by their paths. A file that is named need not be there: it fails by
 * itself.
 *
 * @throws {ConvertError} `SOURCE_NOT_FOUND` for a glob that nothing matches, `SOURCE_UNREADABLE` for a folder.
 */
export async function findSources(
  sources: readonly (string | URL)[],
  { recursive, outDir }: Search,
): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const search = async (folder: string, depth: number, matches: (path: string) => boolean) => {
    const files = (await filesIn(folder, depth)).filter((file) => matches(file));
    const isOutput = isBelow(outDir, folder) ? (path: string) => isBelow(path, outDir) : () => false;
    for (const file of files) {
      const path = join(folder, file);
      if (!isOutput(path)) found.push({ path, folders: dirname(file), named: false });
    }
    return files.length;
  };
  for (const source of sources) {
    const path = pathOf(source);
    const { base, glob, isGlob } = picomatch.scan(slashed(path), scanning);
    // A file whose name happens to look like a glob is that file.
    const stats = await stat(path).catch(() => undefined);
    if (stats?.isDirectory()) await search(path, recursive ? Infinity : 1, () => true);
    else if (stats || !isGlob) found.push({ path, folders: '.', named: true });
    else if ((await search(base || '.', depthOf(glob), picomatch(glob, scanning))) === 0) {
      const hint = 'check the pattern; a relative one starts at the working directory';
      throw new ConvertError('SOURCE_NOT_FOUND', 'no file matches the pattern', { path, hint });
    }
  }
  return once(withFolders(found));
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

/** Files that were named are taken as found below the folder that all of them share. */
function withFolders(files: readonly FoundFile[]): FoundFile[] {
  const homes = files.filter(({ named }) => named).map(({ path }) => dirname(resolve(path)).split(sep));
  const [first = []] = homes;
  const shared = first.findIndex((part, i) => homes.some((home) => home[i] !== part));
  const base = (shared < 0 ? first : first.slice(0, shared)).join(sep) || sep;
  return files.map((file) =>
    file.named ? { ...file, folders: relative(base, dirname(resolve(file.path))) || '.' } : file,
  );
}

/** Each file at its first place; as one that was named, if it was so anywhere. */
function once(files: readonly FoundFile[]): FoundFile[] {
  const seen = new Map<string, FoundFile>();
  for (const file of files) {
    const key = resolve(file.path);
    if (!seen.get(key)?.named) seen.set(key, file);
  }
  return [...seen.values()];
}
