import { type CommonReadOptions, type EncodingOptions, FormatError } from '@x/formats';
import { count } from '@x/formats/rows';

export const format = 'fixed-width';

/** A column by its place in each line. */
export interface FixedField {
  readonly name: string;
  /** Characters. */
  readonly width: number;
  /** Characters of the line in front of it. Default: it is just behind the field before. */
  readonly start?: number;
}

export interface FixedWidthReadOptions extends CommonReadOptions, EncodingOptions {
  /**
   * The columns, from left to right. Default: the first line has their names, and they are told apart by the
   * characters that are blank in all of the first `scanLimit` lines.
   */
  readonly fields?: readonly FixedField[];
  /** Lines in front of the first row that are left out, with `fields`. Default 0. */
  readonly headerLines?: number;
  /** Characters that a line may have. Default 1,048,576. */
  readonly maxLineLength?: number;
}

/** A column of the layout: characters `start` to `end` of a line. */
export interface Slot {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface ReadPlan {
  readonly slots: readonly Slot[] | undefined;
  readonly headerLines: number;
  readonly maxLineLength: number;
  readonly scanLimit: number;
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: FixedWidthReadOptions): ReadPlan {
  if (options.fields === undefined && options.headerLines !== undefined) {
    throw bad(
      'headerLines is for lines in front of fields',
      'give fields, or leave it out: the first line has the names',
    );
  }
  return {
    slots: options.fields === undefined ? undefined : slotsOf(options.fields),
    headerLines: count(format, 'headerLines', options.headerLines, 0, 0),
    maxLineLength: count(format, 'maxLineLength', options.maxLineLength, 1024 * 1024, 1),
    scanLimit: count(format, 'scanLimit', options.scanLimit, 1000, 1),
  };
}

function slotsOf(fields: readonly FixedField[]): Slot[] {
  if (!Array.isArray(fields) || fields.length === 0) {
    throw bad(`fields is ${JSON.stringify(fields)}`, 'it takes a list of { name, width }');
  }
  const slots: Slot[] = [];
  let end = 0;
  for (const { name, width, start = end } of fields as readonly FixedField[]) {
    if (typeof name !== 'string' || name === '') throw bad('a field has no name', 'give each a name');
    if (!Number.isInteger(width) || width < 1) {
      throw bad(
        `the width of ${JSON.stringify(name)} is ${String(width)}`,
        'it takes a whole number from 1 on',
        name,
      );
    }
    if (!Number.isInteger(start) || start < end) {
      throw bad(
        `${JSON.stringify(name)} starts at ${String(start)}, within the field before it`,
        'give the fields from left to right, none in another',
        name,
      );
    }
    if (slots.some((slot) => slot.name === name))
      throw bad(`fields has ${JSON.stringify(name)} twice`, 'rename one', name);
    end = start + width;
    slots.push({ name, start, end });
  }
  return slots;
}

function bad(what: string, hint: string, field?: string): FormatError {
  return new FormatError('BAD_OPTION', what, { format, hint, ...(field !== undefined && { field }) });
}
