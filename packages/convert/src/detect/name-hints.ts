import { basename } from 'node:path';

import { type CodecName, codecs } from '@x/codecs';

import type { FormatSigns } from '../formats/format-signs.ts';

export interface NameHints {
  /** Codec that the last extension names, if it names one. */
  readonly codec: CodecName | undefined;
  /** Name of the format that the extension before it names. */
  readonly format: string | undefined;
  /** The basename without these extensions. */
  readonly stem: string;
}

/** What a file's name says: `a.b/Data.CSV.gz` is CSV in gzip. Only the basename counts, in any case. */
export function nameHints(path: string, formats: readonly FormatSigns[]): NameHints {
  const whole = basename(path);
  const lower = whole.toLowerCase();
  let name = lower;
  const take = <T extends { readonly extensions: readonly string[] }>(among: readonly T[]): T | undefined => {
    const found = among.find(({ extensions }) =>
      extensions.some((one) => name.endsWith(one) && name !== one),
    );
    const extension = found?.extensions.find((one) => name.endsWith(one));
    if (extension) name = name.slice(0, -extension.length);
    return found;
  };
  const [codec, format] = [take(codecs), take(formats)];
  // In lower case a name may be longer (İ), but not in its extensions.
  const stem = whole.slice(0, whole.length - (lower.length - name.length));
  return { codec: codec?.name, format: format?.name, stem };
}
