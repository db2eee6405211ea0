import type { BulkTarget, ConvertOptions } from '@x/convert';

import { BadUsage } from '../failure/bad-usage.ts';
import { endpointOf, type Known } from './endpoint.ts';
import { listOf, pairsOf, unescaped, wholeNumber } from './words.ts';

/** As commander gives the options of `addReadingOptions` and `addShapeOptions`. */
export interface ReadingFlags {
  readonly from?: string;
  readonly fromCodec?: string;
  readonly fromOption?: readonly string[];
  readonly delimiter?: string;
  readonly encoding?: string;
  readonly header?: boolean;
  readonly types?: readonly string[];
  readonly nullValues?: string;
  readonly scanLimit?: string;
  readonly onRagged?: 'error' | 'skip' | 'pad' | 'truncate';
  readonly columns?: readonly string[];
  readonly rename?: readonly string[];
  readonly flatten?: boolean;
  readonly unflatten?: boolean;
}

/** As commander gives the options of `addWritingOptions` and `addRowOptions`. */
export interface WritingFlags {
  readonly to?: string | undefined;
  readonly toCodec?: string;
  readonly toOption?: readonly string[];
  readonly level?: string;
  readonly threads?: string;
  readonly atomic?: boolean;
  readonly durability?: 'full' | 'data' | 'none';
  readonly mkdirs?: boolean;
  readonly onError?: 'stop' | 'skip';
  readonly rejects?: string;
  readonly onExtraKey?: 'error' | 'drop';
}

/** @throws {BadUsage} that names the option and its value. */
export function readingOptions(flags: ReadingFlags, known: Known): ConvertOptions {
  const from = endpointOf(
    { spelling: flags.from, codec: flags.fromCodec, options: flags.fromOption },
    'from',
    known,
  );
  const { delimiter, encoding, nullValues, scanLimit, onRagged, flatten, unflatten } = flags;
  return {
    ...given('from', {
      ...from,
      ...(delimiter !== undefined && { delimiter: unescaped(delimiter) }),
      ...(encoding !== undefined && { encoding }),
      ...(flags.header === false && { header: false }),
    }),
    ...(flags.types && { types: typesOf(flags.types) }),
    ...(nullValues !== undefined && { nullValues: listOf(nullValues, '--null-values') }),
    ...(scanLimit !== undefined && {
      scanLimit: scanLimit === 'all' ? Infinity : wholeNumber(scanLimit, '--scan-limit', 1),
    }),
    ...(onRagged && { onRagged }),
    ...(flags.columns && { columns: flags.columns.flatMap((list) => listOf(list, '--columns')) }),
    ...(flags.rename && { rename: Object.fromEntries(pairsOf(flags.rename, '--rename')) }),
    ...(flatten && { flatten }),
    ...(unflatten && { unflatten }),
  };
}

/** @throws {BadUsage} that names the option and its value. */
export function writingOptions(flags: WritingFlags, known: Known): ConvertOptions {
  const to = endpointOf({ spelling: flags.to, codec: flags.toCodec, options: flags.toOption }, 'to', known);
  const { rejects, onExtraKey, level, threads } = flags;
  if (rejects === '-') throw new BadUsage('--rejects - is not possible', 'name a file for the skipped rows');
  const skip = flags.onError === 'skip' || rejects !== undefined;
  return {
    ...given('to', {
      ...to,
      ...(level !== undefined && { level: levelOf(level) }),
      ...(threads !== undefined && {
        threads: threads === 'auto' ? threads : wholeNumber(threads, '--threads', 1),
      }),
    }),
    atomic: flags.atomic ?? true,
    durability: flags.durability ?? 'full',
    ...(skip && { onError: 'skip' }),
    ...(rejects !== undefined && { rejects }),
    ...(onExtraKey && { onExtraKey }),
  };
}

/** An option only where something is said with it: to look at one takes a small run a part of its time. */
function given(name: 'from' | 'to', value: Readonly<Record<string, unknown>>): ConvertOptions {
  return Object.keys(value).length > 0 ? { [name]: value } : {};
}

/**
 * What `x bulk` writes: `--to` is how the names end, or a pattern of them; with `--name` it is the
 * format alone.
 */
export function targetOf(
  flags: WritingFlags & { readonly to: string; readonly name?: string },
  known: Known,
): BulkTarget {
  const isPattern = flags.to.includes('{');
  if (isPattern && flags.name !== undefined) {
    throw new BadUsage(`--to ${flags.to} and --name ${flags.name} are two patterns`, 'say it once');
  }
  const { to } = writingOptions({ ...flags, to: flags.name === undefined ? undefined : flags.to }, known);
  // A compression that is said apart has no place in a name yet; the engine makes one of the two.
  if (flags.toCodec !== undefined && !isPattern && flags.name === undefined) {
    return writingOptions(flags, known).to!;
  }
  return { ...to, pattern: flags.name ?? flags.to };
}

const levelNames = ['fastest', 'fast', 'default', 'best'] as const;

function levelOf(text: string): number | (typeof levelNames)[number] {
  const named = levelNames.find((name) => name === text);
  if (named) return named;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new BadUsage(`--level ${text}: there is no such level`, `give a number, or ${levelNames.join(', ')}`);
}

function typesOf(texts: readonly string[]): 'infer' | 'text' | Record<string, string> {
  const words = texts.flatMap((text) => text.match(/(?:"(?:[^"]|"")*"|[^,"])+/g) ?? [text]);
  const [only] = words;
  if (words.length === 1 && (only === 'infer' || only === 'text')) return only;
  return Object.fromEntries(pairsOf(words, '--types'));
}
