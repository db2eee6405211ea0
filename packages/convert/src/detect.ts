import type { AnyFormat } from '@x/formats';

import { type Detection, tellSource } from './detect/tell-side.ts';
import { ConvertError } from './errors.ts';
import { KnownFormats } from './formats/known-formats.ts';
import { openFile } from './source/file-source.ts';
import { pathOf } from './source/path-of.ts';

/**
 * Tells what a file is, by its first bytes and its name.
 *
 * @param source A path, a file URL, or the first bytes of something.
 * @throws {ConvertError} `SOURCE_NOT_FOUND`, `NAME_CONTRADICTS_CONTENT`, …
 */
export async function detect(
  source: string | URL | Uint8Array,
  options: { readonly formats?: readonly AnyFormat[] } = {},
): Promise<Detection> {
  const formats = new KnownFormats(options.formats ?? []);
  if (source instanceof Uint8Array) return tellSource({ path: undefined, head: source }, {}, formats);
  if (typeof source !== 'string' && !(source instanceof URL)) throw notToBeLookedAt();
  const file = await openFile(pathOf(source));
  try {
    return await tellSource(file, {}, formats);
  } finally {
    await file.close();
  }
}

function notToBeLookedAt(): ConvertError {
  return new ConvertError('BAD_OPTION', 'what is to be detected is neither a path nor bytes', {
    hint: 'give a path, a file URL, or the first bytes of a stream, which looking at it would use up',
  });
}
