import {
  csv,
  type CsvReadOptions,
  type CsvWriteOptions,
  FormatError,
  rowsBatch,
  type Value,
} from '@x/formats';
import * as fc from 'fast-check';
import { describe, expect } from 'vitest';

import { chunked, rowsOf, schemaOf, through, written } from '../bytes.ts';
import { holds } from '../holds.ts';
import { isEven, modelRecords } from './model.ts';

const dialects = fc.record(
  {
    delimiter: fc.constantFrom(',', ';', '\t', '|', '^', ' ', 'a', '0', '.', '\u0001'),
    quote: fc.constantFrom('"', '"', "'", '', '`'),
    escape: fc.constantFrom('\\', '/'),
    comment: fc.constant('#'),
  },
  { requiredKeys: ['delimiter', 'quote'] },
);

/** Text of the characters that decide, and of runs that are longer than a step of the kernel. */
const textIn = (special: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...special.filter((text) => text !== '')) },
        {
          weight: 5,
          arbitrary: fc.constantFrom('x', 'y', '1', 'é', '😀', '\ufeff', '\0', 'word', '"', "'", '\\'),
        },
        fc.constantFrom('x'.repeat(15), 'y'.repeat(16), 'z'.repeat(17), 'ü'.repeat(40), '.'.repeat(64)),
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(''));

const files = dialects.chain((dialect) => {
  const { delimiter, quote } = dialect;
  const pieces = ['\n', '\n', '\r\n', '\r', delimiter, delimiter, quote, quote + quote, quote + delimiter];
  const special = [...pieces, delimiter + quote, `\n${quote}`, `${quote}\n`, ...Object.values(dialect)];
  const cell = fc.oneof(
    fc.constantFrom('', 'x', '12', 'word', 'é'),
    textIn(special).map((text) =>
      quote === '' ? 'q' : quote + text.replaceAll(quote, quote + quote) + quote,
    ),
  );
  const table = fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(cell, { maxLength: 40 }),
    )
    .map(([width, end, cells]) => {
      let text = '';
      for (let i = 0; i + width <= cells.length; i += width)
        text += cells.slice(i, i + width).join(delimiter) + end;
      return text;
    });
  return fc.record({ dialect: fc.constant(dialect), text: fc.oneof(table, textIn(special)) });
});

const sizes = fc.constantFrom(1, 2, 3, 7, 16, 100, 100_000);

describe('delimited text in any dialect', () => {
  holds(
    'is read as the simplest program reads it',
    fc.asyncProperty(files, sizes, async ({ dialect, text }, size) => {
      const records = modelRecords(text.replace(/^\ufeff/, ''), dialect);
      const options: CsvReadOptions = { ...dialect, header: false, encoding: 'utf-8' };
      let found: Value[][] | 'refused';
      try {
        found = await rowsOf(csv().createReader(chunked(text, size), options));
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        found = 'refused';
      }
      expect(found).toEqual(records !== undefined && isEven(records) ? records : 'refused');
    }),
  );
});

const cellText = fc.oneof(
  fc.constantFrom(
    '',
    '"',
    '""',
    ',',
    '\n',
    '\r',
    '\r\n',
    ' ',
    '\t',
    '#',
    '\\',
    "'",
    '=1',
    'null',
    '\ufeff',
    '\0',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('x'.repeat(15), 'y'.repeat(16), 'é'.repeat(33), '"'.repeat(20), ','.repeat(17)),
);

const tables = fc.integer({ min: 1, max: 5 }).chain((width) =>
  fc.record({
    names: fc.uniqueArray(
      cellText.filter((name) => name !== ''),
      { minLength: width, maxLength: width },
    ),
    rows: fc.array(
      fc.array(fc.oneof({ weight: 5, arbitrary: cellText }, fc.constant(null)), {
        minLength: width,
        maxLength: width,
      }),
      { maxLength: 20 },
    ),
  }),
);

const writeOptions = fc.record(
  {
    delimiter: fc.constantFrom(',', ';', '\t', '|', '^', ' ', 'x'),
    quote: fc.constantFrom('"', "'", '`'),
    quoting: fc.constantFrom('needed' as const, 'all' as const),
    lineEnding: fc.constantFrom('\n' as const, '\r\n' as const),
    nullValue: fc.constantFrom('', 'null', 'NA'),
    byteOrderMark: fc.boolean(),
    header: fc.boolean(),
  },
  { requiredKeys: ['nullValue'] },
);

/** The options to read what has been written with those. */
function readOptions(options: CsvWriteOptions, names: readonly string[]): CsvReadOptions {
  const { delimiter = ',', quote = '"', header = true, nullValue = '' } = options;
  const told: CsvReadOptions = { delimiter, quote, header, nullValues: [nullValue], encoding: 'utf-8' };
  return header ? told : { ...told, columns: names };
}

/** Whether the first row would be a blank line, which is no row where there is no header. */
const isLost = (rows: readonly (readonly Value[])[], { header, nullValue }: CsvWriteOptions) =>
  header === false && nullValue === '' && rows.length > 0 && rows[0]!.length === 1 && rows[0]![0] === null;

describe('what is written', () => {
  holds(
    'is read again, in any dialect',
    fc.asyncProperty(tables, writeOptions, sizes, async ({ names, rows }, options, size) => {
      fc.pre(!isLost(rows, options));
      const text = await written(
        csv(),
        [rowsBatch(schemaOf(...names), rows, 0)],
        options,
        schemaOf(...names),
      );
      const reader = csv().createReader(chunked(text, size), readOptions(options, names));
      const { columns } = await reader.schema();
      expect(await rowsOf(reader)).toEqual(rows);
      // Without a header and rows there is nothing to name.
      const isNamed = options.header !== false || rows.length > 0;
      expect(columns.map(({ name }) => name)).toEqual(isNamed || columns.length > 0 ? names : []);
    }),
  );

  holds(
    'and read is written with the same bytes',
    fc.asyncProperty(tables, writeOptions, async ({ names, rows }, options) => {
      fc.pre(!isLost(rows, options));
      const text = await written(
        csv(),
        [rowsBatch(schemaOf(...names), rows, 0)],
        options,
        schemaOf(...names),
      );
      const reader = () => csv().createReader(chunked(text), readOptions(options, names));
      expect(await through(reader(), csv(), options)).toBe(text);
      // By way of another dialect too.
      const other: CsvWriteOptions = { delimiter: '~', quote: '%', nullValue: options.nullValue };
      const turned = await through(reader(), csv(), other);
      const back = csv().createReader(chunked(turned), readOptions(other, names));
      expect(await through(back, csv(), options)).toBe(text);
    }),
  );
});
