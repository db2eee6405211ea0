import { formats } from '@x/formats';

import type { BulkOptions } from './bulk/bulk-options.ts';
import { nameHints } from './detect/name-hints.ts';
import { encodingOptions, ownNames, type Side } from './formats/check-options.ts';
import { KnownFormats } from './formats/known-formats.ts';
import { nearest } from './nearest.ts';
import type { ConvertOptions } from './options.ts';

const ofPipeline = new Set(['state', 'trigger', 'triggerEvery', 'final', 'skipNulls', 'schema']);
const ofBulk = new Set(
  Object.keys({
    recursive: true,
    preserveDirs: true,
    concurrency: true,
    stopOnError: true,
    onExists: true,
    manifest: true,
    onFound: true,
  } satisfies Record<Exclude<keyof BulkOptions, keyof ConvertOptions>, true>),
);

/** What to do about an option that is not there: the near name, or the place where it belongs. */
export function hintAtName(name: string, known: readonly string[]): string {
  if (ofPipeline.has(name)) return `${name} is an option of pipeline()`;
  if (ofBulk.has(name)) return `${name} is an option of bulkConvert()`;
  const sides = (['from', 'to'] as const).filter((side) => isOfSide(name, side));
  if (sides.length > 0)
    return `say it of one side: ${sides.map((side) => `${side}: { ${name}: … }`).join(' or ')}`;
  const meant = nearest(name, known);
  return meant === undefined ? `options are ${known.join(', ')}` : `did you mean '${meant}'?`;
}

function isOfSide(name: string, side: Side): boolean {
  return (
    encodingOptions[side].includes(name) || formats.some((format) => ownNames(format, side)?.includes(name))
  );
}

/** The right spelling of a value that people often give; undefined where the error says all. */
export function hintAtValue(name: string, value: unknown): string | undefined {
  if (value === null) return 'leave it out for the default';
  if ((name === 'from' || name === 'to') && typeof value === 'string') {
    return `did you mean ${name}: { ${spelled(value)} }?`;
  }
  if (['columns', 'nullValues'].includes(name) && typeof value === 'string') {
    const items = value.split(',').map((item) => `'${item.trim()}'`);
    return `give a list: ${name}: [${items.join(', ')}]`;
  }
  if (name === 'formats') return 'give what a package of a format exports, as [parquet()]';
  if (name === 'signal' && value instanceof AbortController) return 'give the signal of the AbortController';
  return undefined;
}

/** `csv.gz` as it is said in parts. */
function spelled(value: string): string {
  const { signs } = new KnownFormats([]);
  const hints = nameHints(`a.${value.replace(/^\./, '')}`, signs);
  const names = signs.map((format) => format.name);
  const format = names.find((one) => one === value) ?? hints.format ?? nearest(value, names);
  const parts = [
    ...(format === undefined && hints.codec !== undefined ? [] : [`format: '${format ?? value}'`]),
    ...(hints.codec === undefined ? [] : [`codec: '${hints.codec}'`]),
  ];
  return parts.join(', ');
}
