import {
  type Batch,
  csv,
  type DataType,
  Decimal,
  json,
  jsonl,
  type Reader,
  rowsBatch,
  type Value,
} from '@x/formats';
import { columnsBatch, columnsOf } from '@x/formats/columns';
import * as fc from 'fast-check';
import { describe, expect } from 'vitest';

import { told } from '../../src/contract-suite/same-value.ts';
import { chunked, rowsOf, schemaOf, through, written } from '../bytes.ts';
import { holds } from '../holds.ts';

const number = fc.oneof(
  fc.constantFrom(
    '0',
    '-0',
    '1',
    '-1',
    '007',
    '+5',
    '0.10',
    '.5',
    '5.',
    '1e5',
    '1E+5',
    '1e400',
    '-1e-400',
    'NaN',
  ),
  fc.constantFrom('9007199254740993', '9223372036854775807', '9223372036854775808', '-9223372036854775808'),
  fc.constantFrom(
    '1.7976931348623157e308',
    '1.7976931348623159e308',
    '5e-324',
    '2e-324',
    '0e5',
    '123456789012345678',
  ),
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.double().map((value) => (Object.is(value, -0) ? '-0' : String(value))),
  fc.tuple(fc.integer(), fc.stringMatching(/^\d{0,20}$/)).map(([whole, digits]) => `${whole}.${digits}`),
);

const two = (most: number) =>
  fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, '0'));
const year = fc.oneof(
  fc.constantFrom('1970', '2024', '2023', '2000', '1900', '0000', '0001', '9999', '12024', '24', '-2024'),
  fc.integer({ min: 1000, max: 9999 }).map(String),
);
/** Most of them days, and a few that are none, or are written in another way. */
const day = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(year, two(12), two(31)).map((parts) => parts.join('-')) },
  fc.constantFrom(
    '2024-02-29',
    '2023-02-29',
    '1900-02-29',
    '2000-02-29',
    '2024-04-31',
    '2024-00-10',
    '2024-10-00',
  ),
  fc.constantFrom(
    '2024-1-5',
    '20240105',
    '01/02/03',
    '2024/01/05',
    '2024-01',
    '2024-W01-1',
    '2024-001',
    '24:00',
  ),
);
const moment = fc
  .tuple(
    day,
    fc.oneof({ weight: 8, arbitrary: fc.constant('T') }, fc.constantFrom(' ', 't', '')),
    fc.tuple(two(24), two(60), two(60)).map((parts) => parts.join(':')),
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.integer({ min: 0, max: 999 }).map((ms) => `.${String(ms).padStart(3, '0')}`),
      },
      fc.constantFrom('', '.', '.5', '.12', '.123456', '.123000', '.123456789', '123'),
    ),
    fc.oneof(
      { weight: 8, arbitrary: fc.constant('Z') },
      fc.constantFrom('', 'z', '+00:00', '+01:00', '-0330'),
    ),
  )
  .map((parts) => parts.join(''));

/** Columns of which all cells are as they should be are few when each may not be. */
const realDay = fc
  .date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());
const columnOf = (cell: fc.Arbitrary<string>, others: fc.Arbitrary<string>) =>
  fc.oneof(
    fc.array(fc.oneof({ weight: 4, arbitrary: cell }, fc.constant('')), { maxLength: 12 }),
    fc.array(fc.oneof({ weight: 8, arbitrary: cell }, others), { maxLength: 12 }),
  );

const column = fc.oneof(
  columnOf(
    realDay.map((text) => text.slice(0, 10)),
    day,
  ),
  columnOf(realDay, moment),
  columnOf(
    realDay.map((text) => text.slice(0, -1)),
    moment,
  ),
  fc.array(day, { maxLength: 2 }),
  fc.array(moment, { maxLength: 2 }),
  fc.array(number, { maxLength: 12 }),
  fc.array(fc.oneof(fc.integer().map(String), fc.constant('')), { maxLength: 12 }),
  fc.array(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), fc.constant('')), {
    maxLength: 12,
  }),
  fc.array(fc.constantFrom('true', 'false', ''), { maxLength: 12 }),
  fc.array(fc.oneof(number, fc.constantFrom('true', 'x', '', 'null', 'é')), { maxLength: 12 }),
);

const isNumber = (text: string) => /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(text);
const isInteger = (text: string) => /^(0|-?[1-9][0-9]*)$/.test(text);
const isInt64 = (text: string) => BigInt.asIntN(64, BigInt(text)) === BigInt(text);
/** Whether the double nearest to a number has its digits. */
const isDouble = (text: string) => {
  const { length } = text;
  // The digits of a number without its exponent are compared as whole numbers of the same size.
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  const [shortMantissa = '', shortExponent = '0'] = String(value).split('e');
  const [shortWhole = '', shortFraction = ''] = shortMantissa.split('.');
  const scale = Math.max(fraction.length - Number(exponent), shortFraction.length - Number(shortExponent), 0);
  if (scale > 2000 || length > 1000) return false;
  const scaled = (digits: string, places: number) => BigInt(digits) * 10n ** BigInt(scale - places);
  return (
    scaled(whole + fraction, fraction.length - Number(exponent)) ===
    scaled(shortWhole + shortFraction, shortFraction.length - Number(shortExponent))
  );
};

/** By counting, not by the Date that the readers use. */
const isDay = (text: string): boolean => {
  const [, y, m, d] = (/^(\d\d\d\d)-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  if (y === undefined || m === undefined || d === undefined) return false;
  const isLeap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return m >= 1 && m <= 12 && d >= 1 && d <= days[m - 1]!;
};
const isMoment = (text: string): boolean =>
  isDay(text.slice(0, 10)) && /^T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/.test(text.slice(10));

const dayModels = [
  ['date', isDay],
  ['timestamp', isMoment],
] as const;

/** The type of a column by the rules as the documentation has them. */
function modelKind(cells: readonly string[]): DataType['kind'] {
  const present = cells.filter((cell) => cell !== '');
  if (present.length === 0) return 'string';
  const known = dayModels.find(([, isOf]) => present.every(isOf));
  if (known !== undefined) return known[0];
  if (present.every((cell) => cell === 'true' || cell === 'false')) return 'boolean';
  if (present.every((cell) => isInteger(cell) && isInt64(cell))) return 'integer';
  const isExact = (cell: string) =>
    isInteger(cell) ? Number.isSafeInteger(Number(cell)) : isNumber(cell) && isDouble(cell);
  return present.every(isExact) ? 'float64' : 'string';
}

async function byValue(reader: Reader): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of reader) batches.push(rowsBatch(batch.schema, [...batch.rows()], batch.firstRow));
  return batches;
}

/** As Parquet and Arrow store them, and give them back. */
async function byColumn(reader: Reader): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of reader) {
    const { schema, firstRow } = batch;
    const order = schema.columns.map((_, i) => i);
    const { columns, rowCount } = await columnsOf(batch, { format: 'test', columns: schema.columns, order });
    batches.push(columnsBatch(schema, structuredClone(columns), rowCount, firstRow));
  }
  return batches;
}

describe('types', () => {
  holds(
    'are inferred as the rules say, and lose nothing',
    fc.asyncProperty(column, fc.constantFrom(1, 5, 1000), async (cells, size) => {
      const text = `a,b\n${cells.map((cell) => `${cell},x\n`).join('')}`;
      const reader = () => csv().createReader(chunked(text, size), { types: 'infer', scanLimit: Infinity });
      const { columns } = await reader().schema();
      const kind = modelKind(cells);
      expect(columns[0]!.type.kind).toBe(kind);
      const values = (await rowsOf(reader())).map(([value]) => value);
      const expected = cells.map((cell): Value => {
        if (cell === '') return null;
        if (kind === 'boolean') return cell === 'true';
        if (kind === 'date' || kind === 'timestamp') return new Date(cell);
        return kind === 'string' ? cell : new Decimal(cell);
      });
      expect(values.map(told)).toEqual(expected.map(told));
      // Spelled as they were, in CSV as in JSON.
      expect(await through(reader(), csv())).toBe(text);
      const lines = await through(reader(), jsonl());
      expect(await through(jsonl().createReader(chunked(lines)), csv())).toBe(cells.length === 0 ? '' : text);
      if (kind !== 'date' && kind !== 'timestamp') return;
      // So are days and moments of which a writer has the values alone.
      for (const batches of [await byValue(reader()), await byColumn(reader())]) {
        expect(await written(csv(), batches)).toBe(text);
        expect(await written(jsonl(), batches)).toBe(lines);
      }
    }),
  );

  holds(
    'found by the first rows are kept, refused or widened after them, and no cell is lost',
    fc.asyncProperty(column, fc.integer({ min: 1, max: 4 }), async (cells, scanLimit) => {
      const text = `a,b\n${cells.map((cell) => `${cell},x\n`).join('')}`;
      const options = { types: 'infer', scanLimit } as const;
      const widened = csv().createReader(chunked(text), { ...options, onTypeMismatch: 'widen' });
      expect(await through(widened, csv())).toBe(text);
      const bad: number[] = [];
      const kept = csv().createReader(chunked(text), {
        ...options,
        onBadRow: ({ row }) => void bad.push(row!),
      });
      const found = await through(kept, csv());
      const first = cells.slice(0, scanLimit).filter((cell) => cell !== '');
      const isOf = first.length > 0 && dayModels.find(([, isOne]) => first.every(isOne))?.[1];
      const isRight = (cell: string, i: number) => (isOf ? cell === '' || isOf(cell) : !bad.includes(i + 1));
      expect(bad).toEqual(cells.flatMap((cell, i) => (isRight(cell, i) ? [] : [i + 1])));
      expect(found).toBe(
        `a,b\n${cells
          .filter((_, i) => !bad.includes(i + 1))
          .map((cell) => `${cell},x\n`)
          .join('')}`,
      );
    }),
  );
});

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.integer(),
    fc.bigInt(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom('0.10', '1e400', '-0.0', '3.14159265358979323846').map((text) => new Decimal(text)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('__proto__', '2024')), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value;

describe('values', () => {
  holds(
    'of any kind come back from JSON and JSON Lines, however they are cut',
    fc.asyncProperty(
      fc.array(fc.tuple(value, value), { maxLength: 10 }),
      fc.constantFrom(1, 3, 16, 1000),
      async (rows, size) => {
        const batch = rowsBatch(schemaOf('a', '__proto__'), rows, 0);
        for (const format of [json(), jsonl()]) {
          const text = await written(format, [batch]);
          const found = await rowsOf(format.createReader(chunked(text, size)));
          expect(found.map((row) => row.map(told))).toEqual(rows.map((row) => row.map(told)));
          expect(await through(format.createReader(chunked(text, size)), format)).toBe(text);
        }
      },
    ),
  );
});
