import { csv, type DataType, json, jsonl, Decimal, rowsBatch, type Value } from '@x/formats';
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

const column = fc.oneof(
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

/** The type of a column by the rules as the documentation has them. */
function modelKind(cells: readonly string[]): DataType['kind'] {
  const present = cells.filter((cell) => cell !== '');
  if (present.length === 0) return 'string';
  if (present.every((cell) => cell === 'true' || cell === 'false')) return 'boolean';
  if (present.every((cell) => isInteger(cell) && isInt64(cell))) return 'integer';
  const isExact = (cell: string) =>
    isInteger(cell) ? Number.isSafeInteger(Number(cell)) : isNumber(cell) && isDouble(cell);
  return present.every(isExact) ? 'float64' : 'string';
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
        return kind === 'string' ? cell : new Decimal(cell);
      });
      expect(values.map(told)).toEqual(expected.map(told));
      // Spelled as they were, in CSV as in JSON.
      expect(await through(reader(), csv())).toBe(text);
      const lines = await through(reader(), jsonl());
      expect(await through(jsonl().createReader(chunked(lines)), csv())).toBe(cells.length === 0 ? '' : text);
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
