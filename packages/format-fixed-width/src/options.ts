import { type CommonReadOptions, type EncodingOptions, FormatError } from '@x/formats';
import { count, flag, oneOf, type TableWriteOptions } from '@x/formats/rows';

export const format = 'fixed-width';

/** A column by its place in each line. */
export interface FixedField {
  readonly name: string;
  /** Characters. */
  readonly width: number;
  /** Characters of the line in front of it. Default: it is just behind the field before. */
  readonly start?: number;
}

/** A column, and how what is shorter than it is written. */
export interface WrittenField extends FixedField {
  /** At which side of it a text is. Default `right` for numbers by their column's type, else `left`. */
  readonly align?: 'left' | 'right';
  /** The character that fills the rest, but for null, which is blank. A sign is in front of zeros. Default a blank. */
  readonly pad?: string;
}

export interface FixedWidthReadOptions extends CommonReadOptions, EncodingOptions {
  /**
   * The columns, from left to right. Default: the first line has their names, and they are told apart by the
   * characters that are blank in all of the first `scanLimit` lines.
   */
  readonly fields?: readonly FixedField[];
  /** Lines in front of the first row that are left out, with `fields`. Default 0. */
  readonly headerLines?: number;
  /** Whether the second line has dashes where the columns are, without `fields`. Default false. */
  readonly ruler?: boolean;
  /** What becomes of blank lines. `keep`: they are rows of nulls. Default `skip`. */
  readonly emptyRows?: 'skip' | 'keep';
  /** Characters that a line may have. Default 1,048,576. */
  readonly maxLineLength?: number;
}

export interface FixedWidthWriteOptions extends TableWriteOptions {
  /** The columns, from left to right. Default: a blank between them, as wide as their names and the first rows take. */
  readonly fields?: readonly WrittenField[];
  /** Whether the first line has the names. Default true, with `fields` false. */
  readonly header?: boolean;
  /** Whether a line of dashes under the names shows where the columns are. Default false. */
  readonly ruler?: boolean;
  /** Rows whose widths are measured, without `fields`; they are held in memory. Default 1000; Infinity is all. */
  readonly scanLimit?: number;
}

/** A column of the layout: characters `start` to `end` of a line. */
export interface Slot {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface WrittenSlot extends Slot {
  readonly align: 'left' | 'right' | undefined;
  readonly pad: string;
}

export interface ReadPlan {
  readonly slots: readonly Slot[] | undefined;
  readonly headerLines: number;
  readonly hasRuler: boolean;
  readonly keepsEmpty: boolean;
  readonly maxLineLength: number;
  readonly scanLimit: number;
}

export interface WritePlan {
  readonly slots: readonly WrittenSlot[] | undefined;
  readonly header: boolean;
  readonly ruler: boolean;
  readonly scanLimit: number;
}

/** @throws {FormatError} BAD_OPTION */
export function planRead(options: FixedWidthReadOptions): ReadPlan {
  const { fields, headerLines } = options;
  const ruler = flag(format, 'ruler', options.ruler, false);
  if (fields === undefined && headerLines !== undefined) {
    throw bad(
      'headerLines is for lines in front of fields',
      'give fields, or leave it out: the first line has the names',
    );
  }
  if (fields !== undefined && ruler)
    throw bad('ruler shows the layout, and so do fields', 'give one of them');
  const slots = fields && slotsOf(fields);
  const padded = fields?.find((field) => 'pad' in field);
  if (padded !== undefined) {
    const hint = 'leave it out: blanks are taken off, and another padding is part of the cell';
    throw bad(`pad of ${JSON.stringify(padded.name)} is for writing`, hint, padded.name);
  }
  return {
    slots,
    headerLines: count(format, 'headerLines', headerLines, 0, 0),
    hasRuler: ruler,
    keepsEmpty: oneOf(format, 'emptyRows', options.emptyRows, ['skip', 'keep']) === 'keep',
    maxLineLength: count(format, 'maxLineLength', options.maxLineLength, 1024 * 1024, 1),
    scanLimit: count(format, 'scanLimit', options.scanLimit, 1000, 1),
  };
}

/** @throws {FormatError} BAD_OPTION */
export function planWrite(options: FixedWidthWriteOptions): WritePlan {
  const { fields } = options;
  const header = flag(format, 'header', options.header, fields === undefined);
  const ruler = flag(format, 'ruler', options.ruler, false);
  if (ruler && !header) throw bad('ruler is a line under the names', 'choose header: true with it');
  return {
    slots: fields && writtenSlotsOf(fields),
    header,
    ruler,
    scanLimit: count(format, 'scanLimit', options.scanLimit, 1000, 1),
  };
}

function writtenSlotsOf(fields: readonly WrittenField[]): WrittenSlot[] {
  return slotsOf(fields).map(({ name, start, end }, i) => {
    const { align, pad = ' ' } = fields[i]!;
    if (typeof pad !== 'string' || Array.from(pad).length !== 1 || /[\n\r]/.test(pad)) {
      const what = `the pad of ${JSON.stringify(name)} is ${JSON.stringify(pad)}`;
      throw bad(what, 'it takes one character', name);
    }
    const side =
      align === undefined ? undefined : oneOf<'left' | 'right'>(format, 'align', align, ['left', 'right']);
    return { name, start, end, align: side, pad };
  });
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
