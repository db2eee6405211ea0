import { type Decimal, FormatError } from '@x/formats';
import { numberValue, parseDate, parseTimestamp } from '@x/formats/rows';

import { corrupt, format } from '../errors.ts';
import { timeOfDuration } from '../value/duration.ts';
import type { Attributes } from './xml-part.ts';

/** A cell with a value, and what it is. */
export interface Cell {
  readonly value: string | number | bigint | boolean | Decimal | Date;
  /** `moment` has no zone, `zoned` has one; numbers, texts and booleans tell for themselves. */
  readonly meaning: 'date' | 'moment' | 'zoned' | 'time' | 'other';
}

/**
 * The value of a cell (OpenDocument 1.3, 19.385): that of its attributes, else its text, which is undefined where
 * it has none.
 *
 * @throws {FormatError} CORRUPT for what is not of the type that it says; UNREPRESENTABLE for a day that no Date has.
 */
export function valueOf(attributes: Attributes, text: string | undefined): Cell | undefined {
  const type = attributes['office:value-type'];
  switch (type) {
    case 'float':
    case 'percentage':
    case 'currency':
      return other(numberOf(attributes['office:value']));
    case 'boolean':
      return other(booleanOf(attributes['office:boolean-value']));
    case 'date':
      return dateOf(attributes['office:date-value']);
    case 'time': {
      const duration = attributes['office:time-value'];
      if (duration === undefined) throw wrong(duration, type);
      const time = timeOfDuration(duration);
      // What is a day or more, or less than nothing, is no time of day.
      return time === undefined ? other(duration) : { value: time, meaning: 'time' };
    }
    case 'string': {
      // Of an error, only the text tells which one it is.
      const isError = attributes['calcext:value-type'] === 'error' && text !== undefined;
      return other(isError ? text : (attributes['office:string-value'] ?? text ?? ''));
    }
    case undefined:
    case 'void':
      return text === undefined || text === '' ? undefined : other(text);
    default:
      throw corrupt(`a cell is of the type ${JSON.stringify(type)}, which there is not`);
  }
}

function other(value: Cell['value']): Cell {
  return { value, meaning: 'other' };
}

function numberOf(text: string | undefined): number | bigint | Decimal {
  const number = Number(text);
  if (text === undefined || text.trim() === '' || !Number.isFinite(number)) throw wrong(text, 'number');
  // More digits than a double has are what somebody has written who was no spreadsheet program.
  return !Number.isSafeInteger(number) && /^-?\d+$/.test(text) ? numberValue(text) : number;
}

function booleanOf(text: string | undefined): boolean {
  if (text !== 'true' && text !== 'false') throw wrong(text, 'boolean');
  return text === 'true';
}

function dateOf(text: string | undefined): Cell {
  if (text === undefined) throw wrong(text, 'date');
  const date = parseDate(text);
  if (date !== undefined) return { value: date, meaning: 'date' };
  const moment = parseTimestamp(text);
  if (moment !== undefined)
    return { value: moment, meaning: /(?:Z|[+-][\d:]+)$/.test(text.slice(10)) ? 'zoned' : 'moment' };
  throw new FormatError('UNREPRESENTABLE', `${JSON.stringify(text)} is no day of a calendar`, {
    format,
    hint: 'give its cell the format of a number or of text',
  });
}

function wrong(text: string | undefined, type: string): FormatError {
  return corrupt(`a cell has ${text === undefined ? 'nothing' : JSON.stringify(text)} for a ${type}`);
}
