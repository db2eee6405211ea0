import { fileURLToPath } from 'node:url';

/** The path of what is a file; undefined for a stream, for rows and for nothing. */
export function filePath(what: unknown): string | undefined {
  return typeof what === 'string' || what instanceof URL ? pathOf(what) : undefined;
}

/** A path stays as it is; a file URL becomes one. */
export function pathOf(file: string | URL): string {
  return typeof file === 'string' ? file : fileURLToPath(file);
}
