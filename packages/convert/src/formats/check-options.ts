import type { AnyFormat, CommonReadOptions } from '@x/formats';

import { ConvertError } from '../errors.ts';
import { nearest } from '../nearest.ts';

export type Side = 'from' | 'to';

/** What every format can be told of reading; what becomes of bad rows, `onError` says. */
const common: Readonly<Record<Side, readonly string[]>> = {
  from: Object.keys({
    columns: true,
    skip: true,
    limit: true,
    batchSize: true,
    scanLimit: true,
    types: true,
    onTypeMismatch: true,
    nullValues: true,
  } satisfies Record<Exclude<keyof CommonReadOptions, 'onBadRow' | 'onPartialRow'>, true>),
  to: [],
};

/** What is said of the bytes themselves, and is no option of the format. */
export const encodingOptions: Readonly<Record<Side, readonly string[]>> = {
  from: ['format', 'codec', 'dictionary', 'raw', 'limits'],
  to: ['format', 'codec', 'dictionary', 'raw', 'level', 'threads', 'checksum'],
};

/**
 * Refuses an option that the format does not have: one that has no effect, because it is misspelt or
 * belongs to the other side, would change the data without a word.
 *
 * @throws {ConvertError} `BAD_OPTION`, with the option that was probably meant.
 */
export function checkOptions(
  side: Side,
  options: Readonly<Record<string, unknown>>,
  format: AnyFormat,
  path: string | undefined,
): void {
  const other = side === 'from' ? 'to' : 'from';
  const own = ownNames(format, side);
  // A format that does not say its options checks them itself.
  const isKnown = (name: string): boolean =>
    own === undefined
      ? !encodingOptions[other].includes(name)
      : own.includes(name) || common[side].includes(name);
  const unknown = Object.keys(options).find((name) => !isKnown(name));
  if (unknown === undefined) return;
  const names = [...(own ?? []), ...common[side], ...encodingOptions[side]];
  const isOfOther = [
    ...(ownNames(format, other) ?? []),
    ...common[other],
    ...encodingOptions[other],
  ].includes(unknown);
  const meant = isOfOther ? `${other}.${unknown}` : nearest(unknown, names);
  const asked = isOfOther || meant === undefined ? meant : `${side}.${meant}`;
  throw new ConvertError('BAD_OPTION', `${format.name} has no option ${side}.${unknown}`, {
    path,
    format: format.name,
    hint: asked === undefined ? `options are ${names.toSorted().join(', ')}` : `did you mean ${asked}?`,
  });
}

/** The options of that side that the format says it has; undefined where it says none. */
export function ownNames({ optionNames }: AnyFormat, side: Side): readonly string[] | undefined {
  const names = side === 'from' ? optionNames?.read : optionNames?.write;
  return names && Object.keys(names);
}
