import type { Schema } from '@x/formats';

import type { Detection } from './tell-side.ts';

/**
 * What to say of delimited text that has come out as one column whose name looks like several: read so,
 * nothing is lost, but it is hardly what was meant.
 */
export function oneColumnWarning(detection: Detection | undefined, { columns }: Schema): string | undefined {
  const [column] = columns;
  if (columns.length !== 1 || !/^[cstp]sv$/.test(detection?.format ?? '')) return undefined;
  const found = /[,;\t|]/.exec(column!.name)?.[0];
  if (found === undefined) return undefined;
  const delimiter = found === '\t' ? '\\t' : found;
  return (
    `all of the source is one column, ${JSON.stringify(column!.name)}; if that is several, ` +
    `say what divides them (option from.delimiter; --delimiter '${delimiter}')`
  );
}
