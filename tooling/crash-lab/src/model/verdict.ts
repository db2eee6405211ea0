import type { Variant } from './variants.ts';

/** What one file may be: the old version, and the new one. */
export interface Versions {
  /** The path of the file below the sandbox. */
  readonly path: string;
  /** Undefined where the file did not exist. */
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array;
  /** The versions are symbolic links and their content is where they point. */
  readonly link?: true;
  /** Permission bits that the new version must have, where the scenario says so. */
  readonly mode?: number;
}

/**
 * What a state shows.
 *
 * - `old`, `new`: one whole version.
 * - `mixed`: neither; a torn, empty or foreign file.
 * - `absent`: nothing there although there was an old version.
 * - `mode`: the new version with other permissions than it was given.
 */
export type Sight = 'old' | 'new' | 'mixed' | 'absent' | 'mode';

/** The ways to break the promise. `lost`: the old version (or none) after the call had come back. */
export type Breach = 'mixed' | 'absent' | 'mode' | 'lost';

export const breaches: readonly Breach[] = ['mixed', 'absent', 'mode', 'lost'];

/** Judges what is at the target: a file's bytes and mode, or undefined for nothing at all. */
export function sightOf(found: Pick<Variant, 'content' | 'mode'> | undefined, versions: Versions): Sight {
  if (found === undefined) return versions.before === undefined ? 'old' : 'absent';
  if (equal(found.content, versions.after)) {
    return versions.mode !== undefined && found.mode !== versions.mode ? 'mode' : 'new';
  }
  return versions.before !== undefined && equal(found.content, versions.before) ? 'old' : 'mixed';
}

/** @param resolved whether the call had come back with success before the crash */
export function breachOf(sight: Sight, resolved: boolean): Breach | undefined {
  if (sight === 'new') return undefined;
  if (sight === 'old') return resolved ? 'lost' : undefined;
  return sight;
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
