import type { DataType, Value } from '../contract.ts';
import { Decimal } from '../value/decimal.ts';
import { Timestamp } from '../value/time.ts';

/** Values that are easily lost, and the type of a column that has them. */
export interface Sample {
  readonly type: DataType;
  readonly values: readonly Value[];
}

const leapDay = Date.UTC(2024, 1, 29, 12, 30, 5, 123);

const table = {
  text: {
    type: { kind: 'string' },
    values: ['', 'a', ' spaces ', 'a,b;c|d', '"', '""', "it's", 'say "hi"', '\\', '\\n', 'tab\there'].concat(
      ['null', 'NULL', 'NaN', 'true', '007', '+5', '1e5', '0.10', '2024-02-29', '=1+1', '<a>&amp;</a>'],
      ['é', 'e\u0301', '日本', '😀', '\u2028', '\ufeffmark', 'x'.repeat(100_000), '#', '__proto__'],
    ),
  },
  lineBreaks: { type: { kind: 'string' }, values: ['\n', '\r', '\r\n', 'a\nb', '\n\n', 'a\r', '\nb'] },
  controlCharacters: {
    type: { kind: 'string' },
    values: ['\0', 'a\0b', '\u0001', '\u001f', '\u007f', '\ufffe'],
  },
  /** Half of a surrogate pair, which no UTF-8 holds. */
  brokenText: { type: { kind: 'string' }, values: ['\ud83d', 'a\udc00'] },
  boolean: { type: { kind: 'boolean' }, values: [true, false] },
  integer: {
    type: { kind: 'integer' },
    values: [
      0,
      1,
      -1,
      2 ** 31 - 1,
      2 ** 31,
      -(2 ** 31) - 1,
      Number.MAX_SAFE_INTEGER,
      Number.MIN_SAFE_INTEGER,
      2n ** 53n + 1n,
      -(2n ** 53n) - 1n,
      2n ** 63n - 1n,
      -(2n ** 63n),
    ],
  },
  /** Integers of more than 64 bits. */
  hugeInteger: { type: { kind: 'any' }, values: [2n ** 63n, -(10n ** 30n)] },
  float64: {
    type: { kind: 'float64' },
    values: [0.1, -1.5, 3, 1e21, 1e300, Number.MAX_VALUE, Number.MIN_VALUE, 2 / 3],
  },
  minusZero: { type: { kind: 'float64' }, values: [-0] },
  notFinite: { type: { kind: 'float64' }, values: [Number.NaN, Infinity, -Infinity] },
  decimal: {
    type: { kind: 'decimal', precision: 38, scale: 10 },
    values: [new Decimal('0.10'), new Decimal('-12345678901234567890.1234567891'), 7, 2n ** 60n],
  },
  /** Decimals of which nobody has said how many digits they have. */
  anyDecimal: {
    type: { kind: 'decimal' },
    values: [
      new Decimal('0.1234567890123456789'),
      new Decimal('1e400'),
      new Decimal('1.5e-30'),
      new Decimal('-1.50'),
    ],
  },
  date: {
    type: { kind: 'date' },
    values: ['0001-01-01', '1969-12-31', '1970-01-01', '2024-02-29', '9999-12-31'].map(
      (text) => new Date(`${text}T00:00:00Z`),
    ),
  },
  milliseconds: {
    type: { kind: 'timestamp', unit: 'ms', zoned: true },
    values: [new Date(0), new Date(-1), new Date(leapDay), new Date(Date.UTC(1500, 0, 1))],
  },
  microseconds: {
    type: { kind: 'timestamp', unit: 'us', zoned: true },
    values: [new Date(0), new Timestamp(leapDay, 456_000), new Timestamp(-1, 1000)],
  },
  nanoseconds: {
    type: { kind: 'timestamp', unit: 'ns', zoned: true },
    values: [new Date(0), new Timestamp(leapDay, 456_789), new Timestamp(-1, 1)],
  },
  /** Time on the wall, without a zone. */
  localTime: {
    type: { kind: 'timestamp', unit: 'ms', zoned: false },
    values: [new Date(0), new Date(leapDay)],
  },
  binary: {
    type: { kind: 'binary' },
    values: [new Uint8Array(0), Uint8Array.from({ length: 256 }, (_, i) => i), Uint8Array.of(0xff)],
  },
  list: {
    type: { kind: 'list', item: { kind: 'integer' } },
    values: [[], [1], [1, null, 2n ** 60n], Array.from({ length: 1000 }, (_, i) => i)],
  },
  struct: {
    type: {
      kind: 'struct',
      fields: [
        { name: 'b', type: { kind: 'string' } },
        { name: 'a', type: { kind: 'list', item: { kind: 'float64' } } },
      ],
    },
    values: [
      { b: 'x', a: [0.5, 1] },
      { b: null, a: [] },
      { b: '', a: null },
    ],
  },
  json: {
    type: { kind: 'json' },
    values: [
      { '2024': 1, x: null, y: [true, { z: 'é' }] },
      // A member of its own, which a literal would make the prototype.
      JSON.parse('{"__proto__":{"x":1},"constructor":2}'),
      ['a', [], {}],
      'text',
      0.5,
      true,
    ],
  },
  /** Whatever comes, in one column. */
  mixed: { type: { kind: 'any' }, values: [1, 'x', true, '1', [1, 'y'], { z: 0.5 }] },
} as const satisfies Readonly<Record<string, Sample>>;

export type SampleName = keyof typeof table;

/** Samples by name. */
export const samples: Readonly<Record<SampleName, Sample>> = table;

export const sampleNames = Object.keys(table) as SampleName[];

/** Names that objects reorder, lose or inherit, and that text has to quote. */
export const awkwardNames: readonly string[] = [
  ['b', '2024', '__proto__', 'constructor', 'a', '1', 'B', 'two words', 'a.b', 'a,b', 'say "hi"'],
  ["it's", 'é', '日本', '😀', 'line\nbreak', 'null', '<a>', '$x', 'toString', ' '],
].flat();
