import { isAbsolute, relative } from 'node:path';

/** A path as somebody in the working directory would type it. */
export function shownPath(path: string): string {
  const short = relative('.', path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}
