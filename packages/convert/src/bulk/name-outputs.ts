import { basename, extname, join, normalize } from 'node:path';

import { byName as codecByName } from '@x/codecs';

import { nameHints } from '../detect/name-hints.ts';
import { ConvertError } from '../errors.ts';
import type { FormatSigns } from '../formats/format-signs.ts';
import type { BulkTarget } from './bulk-options.ts';
import type { FoundFile } from './found-files.ts';

/**
 * The pattern that `to` means: one as it is, an extension behind `{stem}`.
 *
 * @throws {ConvertError} `BAD_OPTION` for a placeholder that there is not, or a `to` that names nothing.
 */
export function patternOf(to: string | BulkTarget, formats: readonly FormatSigns[]): string {
  const text = typeof to === 'string' ? to : (to.pattern ?? extensionsOf(to, formats));
  const pattern = text.includes('{') ? text : `{stem}.${text.replace(/^\./, '')}`;
  const unknown = /\{(?!(?:name|stem|ext)\})[^}]*\}?/.exec(pattern);
  if (unknown) {
    const what = `option to ('${text}'): there is no placeholder ${unknown[0]}`;
    throw new ConvertError('BAD_OPTION', what, { hint: 'placeholders are {name}, {stem} and {ext}' });
  }
  const [top] = normalize(pattern).split(/[/\\]/);
  if (top === '..' || top === '') {
    const what = `option to ('${text}') leads out of the output folder`;
    throw new ConvertError('BAD_OPTION', what, { hint: 'name the folder itself as the output folder' });
  }
  return pattern;
}

function extensionsOf({ format, codec }: BulkTarget, formats: readonly FormatSigns[]): string {
  const found = formats.find(({ name }) => name === format);
  if (!found) {
    const what = format === undefined ? 'option to says no format' : `there is no format '${format}'`;
    const hint = `formats are ${formats.map(({ name }) => name).join(', ')}`;
    throw new ConvertError(format === undefined ? 'BAD_OPTION' : 'UNKNOWN_FORMAT', what, { hint });
  }
  const compressed = codec === undefined ? undefined : codecByName(codec)?.extensions[0];
  return `${found.extensions[0] ?? `.${found.name}`}${compressed ?? ''}`;
}

/** Where the output of a file goes. */
export function outputPath(
  { path, folders }: Pick<FoundFile, 'path' | 'folders'>,
  outDir: string,
  naming: {
    readonly pattern: string;
    readonly preserveDirs: boolean;
    readonly formats: readonly FormatSigns[];
  },
): string {
  const name = basename(path);
  const stem = stemOf(name, naming.formats);
  const parts: Readonly<Record<string, string>> = { name, stem, ext: name.slice(stem.length + 1) };
  const file = naming.pattern.replace(/\{(name|stem|ext)\}/g, (_, part: string) => parts[part]!);
  return join(outDir, naming.preserveDirs ? folders : '.', file);
}

/** `data.csv.gz` to `data`; where nothing is known of the extension, only the last one goes. */
function stemOf(name: string, formats: readonly FormatSigns[]): string {
  const { stem } = nameHints(name, formats);
  return stem === name ? name.slice(0, name.length - extname(name).length) : stem;
}
