import { fileURLToPath } from 'node:url';

import { display } from '../display.ts';
import { ConvertError } from '../errors.ts';

/** The path of what is a file; undefined for a stream, for rows and for nothing. */
export function filePath(what: unknown): string | undefined {
  return typeof what === 'string' || what instanceof URL ? pathOf(what) : undefined;
}

/** The file that a stream of `node:fs`, or a `RowReader`, stands for. */
export function originOf(what: unknown): string | undefined {
  const isStream = typeof what === 'object' && what !== null && !(what instanceof URL);
  return isStream && 'path' in what && typeof what.path === 'string' ? what.path : undefined;
}

/**
 * A path stays as it is; a file URL becomes one.
 *
 * @throws {ConvertError} `BAD_OPTION` for another URL, and for what is neither.
 */
export function pathOf(file: string | URL): string {
  if (typeof file === 'string') return file;
  if (!(file instanceof URL))
    throw new ConvertError('BAD_OPTION', `${display(file)} is neither a path nor a file URL`);
  if (file.protocol === 'file:') return fileURLToPath(file);
  throw new ConvertError('BAD_OPTION', `${file.href} is not the URL of a file`, {
    hint: 'of what is elsewhere give the stream: of a response its body, with from.format',
  });
}
