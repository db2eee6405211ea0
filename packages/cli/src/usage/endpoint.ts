import type { listCodecs, listFormats } from '@x/convert';

import { BadUsage } from '../failure/bad-usage.ts';
import { optionValue, pairsOf } from './words.ts';

/** What is said of one side of a conversion, as the library takes it. */
export interface EndpointWords {
  readonly format?: string;
  readonly codec?: string;
  readonly [option: string]: unknown;
}

/** What there is to name; of `@x/convert`, which is loaded only when a command runs. */
export interface Known {
  readonly listFormats: typeof listFormats;
  readonly listCodecs: typeof listCodecs;
}

export interface EndpointFlags {
  /** As a file name ends: `csv`, `csv.gz`. */
  readonly spelling: string | undefined;
  readonly codec: string | undefined;
  readonly options: readonly string[] | undefined;
}

/** @param side The name of the option, without the dashes. */
export function endpointOf(flags: EndpointFlags, side: 'from' | 'to', known: Known): EndpointWords {
  const spelled = flags.spelling === undefined ? {} : readSpelling(flags.spelling, known);
  const codec = flags.codec === undefined ? undefined : codecOf(flags.codec.toLowerCase(), known);
  if (flags.codec !== undefined && codec === undefined) {
    const names = known
      .listCodecs()
      .map(({ name }) => name)
      .join(', ');
    throw new BadUsage(`--${side}-codec ${flags.codec}: there is no such compression`, `there are ${names}`);
  }
  if (codec !== undefined && spelled.codec !== undefined && codec !== spelled.codec) {
    const hint = `say it once, as in --${side} ${spelled.format ?? 'csv'} --${side}-codec ${codec}`;
    throw new BadUsage(`--${side} ${flags.spelling!} and --${side}-codec ${flags.codec!} do not agree`, hint);
  }
  const options = pairsOf(flags.options ?? [], `--${side}-option`);
  return {
    ...Object.fromEntries(options.map(([name, value]) => [name, optionValue(value)])),
    ...spelled,
    ...(codec !== undefined && { codec }),
  };
}

/** `csv.gz` as it ends a file name: format, then compression. Either may stand alone. */
function readSpelling(spelling: string, known: Known): { format?: string; codec?: string } {
  const parts = spelling.toLowerCase().split('.').filter(Boolean);
  const codec = codecOf(parts.at(-1) ?? '', known);
  const name = (codec === undefined ? parts : parts.slice(0, -1)).join('.');
  return { ...(name !== '' && { format: formatOf(name, known) }), ...(codec !== undefined && { codec }) };
}

/** By name or extension; the engine says what it knows where this does not know it. */
function formatOf(name: string, known: Known): string {
  return known.listFormats().find((format) => isCalled(format, name))?.name ?? name;
}

function codecOf(name: string, known: Known): string | undefined {
  return name === 'none' ? 'identity' : known.listCodecs().find((codec) => isCalled(codec, name))?.name;
}

function isCalled(
  { name, extensions }: { readonly name: string; readonly extensions: readonly string[] },
  asked: string,
): boolean {
  return name === asked || extensions.includes(`.${asked}`);
}
