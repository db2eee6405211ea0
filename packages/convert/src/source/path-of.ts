import { fileURLToPath } from 'node:url';

/** A path stays as it is; a file URL becomes one. */
export function pathOf(file: string | URL): string {
  return typeof file === 'string' ? file : fileURLToPath(file);
}
