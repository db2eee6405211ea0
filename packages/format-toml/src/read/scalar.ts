import { Decimal, FormatError, type Value } from '@x/formats';
import { numberValue, parseDate, parseTimestamp } from '@x/formats/rows';
import type { AST } from 'toml-eslint-parser';

import { format } from '../options.ts';

/** A value that is neither list nor table. Times without a zone are no moments, and stay text. */
export function scalarOf(node: AST.TOMLValue, linesBefore: number): Value {
  switch (node.kind) {
    case 'integer':
      return Number.isSafeInteger(node.value) ? Number(node.bigint) : node.bigint;
    case 'float':
      return Number.isFinite(node.value) ? floatOf(node.number) : infiniteOf(node);
    case 'offset-date-time':
      return momentOf(node, linesBefore);
    case 'local-date':
      return parseDate(node.datetime) ?? node.datetime;
    case 'local-time':
      return node.datetime;
    case 'local-date-time':
      return node.datetime.replace(/[ t]/, 'T');
    default:
      return node.value;
  }
}

/** A float with the digits that it is written with. */
function floatOf(spelling: string): Value {
  const text = spelling
    .replaceAll('_', '')
    .replace(/^\+/, '')
    .replace(/^(-?)0+(?=\d)/, '$1');
  const value = numberValue(text);
  if (!Decimal.is(value)) return value;
  // A point that says no more than that this is a float, and an exponent behind which nobody means the zeros.
  return /e/i.test(text) || /^-?\d+\.0$/.test(text) ? (value.toNumber() ?? value) : value;
}

/** What a double calls infinite may have digits. */
function infiniteOf({ number, value }: AST.TOMLFloatValue): Value {
  return /\d/.test(number) ? floatOf(number) : value;
}

function momentOf({ datetime, loc }: AST.TOMLDateTimeValue, linesBefore: number): Date {
  const date = parseTimestamp(datetime.toUpperCase());
  if (date !== undefined) return date;
  throw new FormatError('UNSUPPORTED', `${datetime} has more digits than nanoseconds`, {
    format,
    line: linesBefore + loc.start.line,
    column: loc.start.column + 1,
    hint: 'make it text, in quotes',
  });
}
