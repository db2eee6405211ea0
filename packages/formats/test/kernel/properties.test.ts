import * as fc from 'fast-check';
import { describe, expect } from 'vitest';

import type { CsvReadOptions } from '../../src/index.ts';
import { holds } from '../holds.ts';
import type { ArenaSizes } from '../../src/kernel/arena.ts';
import { csvReader, jsonReader, outcome, type ReadBy, writtenBy } from './paths.ts';

const cuts = fc.array(fc.nat(2000), { maxLength: 6 });

/** How much a reader holds at first, so little that its edges are everywhere. */
const fewAtATime = fc.record({
  windowBytes: fc.constantFrom(1, 2, 3, 16, 50, 200),
  cells: fc.constantFrom(1, 7, 64, 65_536),
});

/** How a file may be read, whose outcome has to be the same. */
const ways = (places: readonly number[], sizes: ArenaSizes): ReadBy[] => [
  { kernel: true, cuts: [] },
  { kernel: true, cuts: places },
  { kernel: true, cuts: [], sizes },
  { kernel: false, cuts: [], sizes },
];

/** Text made of what decides about cells, and of runs that are longer than a step of the kernel. */
const text = (pieces: readonly string[]) =>
  fc
    .array(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...pieces) }, fc.constantFrom(...long)), {
      maxLength: 120,
    })
    .map((parts) => Buffer.from(parts.join('')));

const long = [
  'x'.repeat(15),
  'y'.repeat(16),
  'z'.repeat(17),
  'ü'.repeat(40),
  '.'.repeat(64),
  '0'.repeat(130),
];

const csvPieces = [
  ',',
  ',',
  '"',
  '""',
  '\n',
  '\n',
  '\r\n',
  '\r',
  'a',
  'b',
  '1',
  '\\',
  '\t',
  '\0',
  'é',
  '😀',
  '\ufeff',
  ' ',
];

/** Mostly regular, so that the kernel takes most of it. */
const csvTable = fc
  .record({
    width: fc.integer({ min: 1, max: 5 }),
    cells: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom('', 'a', 'abc', '12', '-7.50', 'true', 'é', ...long) },
        {
          weight: 3,
          arbitrary: fc.constantFrom('"a,b"', '"x""y"', '"1\n2"', '"\r\n"', '""', '"', '\\', '\t'),
        },
      ),
      { maxLength: 400 },
    ),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    tail: fc.constantFrom('', '\n', 'a', '"', ',', '"x'),
  })
  .map(({ width, cells, lineEnd, tail }) => {
    let table = Array.from({ length: width }, (_, i) => `c${i}`).join(',') + lineEnd;
    for (let i = 0; i + width <= cells.length; i += width)
      table += cells.slice(i, i + width).join(',') + lineEnd;
    return Buffer.from(table + tail);
  });

/** Days and moments as the writers spell them, and a few that are none of these. */
const day = fc.constantFrom('2024-02-29', '1970-01-01', '0000-12-31', '9999-10-10');
const moment = day.map((date) => `${date}T12:34:56.700Z`);
const nearly = fc.constantFrom(
  '',
  'a',
  '2024-02-30',
  '2024-02-29T12:34:56.700Z',
  '2024-02-29T12:34:56.700',
  '2024-02-29T12:34:56.78Z',
  '2024-02-29T12:34:56.7000',
  '2024-02-29T12:34:56.70ZZ',
  '2024-02-29 12:34:56.700',
  '2024-02-29T24:00:00.000',
  '2024-02-29T12:34:56-700',
);
const columnOfDays = fc.tuple(fc.constantFrom(day, moment), fc.boolean()).chain(([cell, isPure]) =>
  fc.array(isPure ? fc.oneof({ weight: 9, arbitrary: cell }, fc.constant('')) : fc.oneof(cell, nearly), {
    minLength: 1,
    maxLength: 40,
  }),
);
const daysTable = fc.tuple(fc.array(columnOfDays, { minLength: 1, maxLength: 4 }), fc.func(fc.boolean()));
const rowsOfDays = (columns: readonly (readonly string[])[]) =>
  Array.from({ length: Math.max(...columns.map((cells) => cells.length)) }, (_, row) =>
    columns.map((cells) => cells[row % cells.length]!),
  );

const csvDays = daysTable.map(([columns, isQuoted]) => {
  const lines = rowsOfDays(columns).map((row) =>
    row.map((cell) => (isQuoted(cell) ? `"${cell}"` : cell)).join(','),
  );
  return Buffer.from([columns.map((_, i) => `c${i}`).join(','), ...lines, ''].join('\n'));
});

const types: NonNullable<CsvReadOptions['types']>[] = [
  'text',
  'infer',
  'infer',
  { '*': 'date' },
  { '*': 'timestamp' },
];

const csvOptions = fc.record(
  {
    leavesOut: fc.boolean(),
    header: fc.boolean(),
    quote: fc.constantFrom('"', "'", ''),
    escape: fc.constant('\\'),
    comment: fc.constantFrom('b', '#'),
    skipLines: fc.nat(3),
    delimiter: fc.constantFrom('\t', ' '),
    onRagged: fc.constantFrom('error' as const, 'pad' as const, 'truncate' as const, 'skip' as const),
    onDuplicateColumn: fc.constant('rename' as const),
    onEmptyColumnName: fc.constant('rename' as const),
    types: fc.constantFrom(...types),
    scanLimit: fc.integer({ min: 1, max: 20 }),
    onTypeMismatch: fc.constantFrom('error' as const, 'widen' as const),
    nullValues: fc.constantFrom([], [''], ['a', '12', '']),
    skip: fc.nat(5),
    limit: fc.nat(50),
    batchSize: fc.integer({ min: 1, max: 30 }),
  },
  { requiredKeys: ['onDuplicateColumn', 'onEmptyColumnName'] },
);

const writeFormat = fc.oneof(
  fc.constantFrom('jsonl' as const, 'json' as const),
  fc.record(
    {
      delimiter: fc.constantFrom(',', '\t', ';', 'a', '-'),
      quote: fc.constantFrom('"', "'"),
      quoting: fc.constantFrom('needed' as const, 'all' as const),
      nullValue: fc.constantFrom('', 'null', '12'),
      lineEnding: fc.constantFrom('\n' as const, '\r\n' as const),
      header: fc.boolean(),
      onExtraKey: fc.constantFrom('error' as const, 'drop' as const),
    },
    { requiredKeys: [] },
  ),
);

describe('delimited text', () => {
  holds(
    'the kernel reads what the reference reads, however the bytes are cut',
    fc.asyncProperty(
      fc.oneof(csvTable, csvDays, text(csvPieces)),
      csvOptions,
      cuts,
      fewAtATime,
      async (bytes, options, places, sizes) => {
        const read = (by: ReadBy) => outcome((all, how) => csvReader(bytes, all, how), options, by);
        const reference = await read({ kernel: false, cuts: [] });
        for (const by of ways(places, sizes)) expect(await read(by)).toEqual(reference);
      },
    ),
  );

  holds(
    'the kernel writes what the values give',
    fc.asyncProperty(fc.oneof(csvTable, csvDays), csvOptions, writeFormat, async (bytes, options, to) => {
      const read = () => csvReader(bytes, options, { kernel: true, cuts: [] });
      const values = await writtenBy(read(), to, 'values');
      expect(await writtenBy(read(), to, 'cells')).toEqual(values);
    }),
  );
});

const jsonText = fc.oneof(
  fc.constantFrom('', 'a', '"', '\\', '\n', '\u0001', 'é', '😀', '\ud83d', ',', 'a,b', 'a\tb', "'", ...long),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

const numbers = ['0', '-0', '1', '-12', '0.10', '1e5', '1E+5', '1e400', '12345678901234567890'];
const jsonNumber = fc.constantFrom(...numbers, '0.1234567890123456789');

/** JSON as somebody may spell it: with space, and with escapes that need not be. */
const { json: jsonValue } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: fc.constantFrom('null', 'true', 'false', '""', '{}', '[]') },
    { weight: 3, arbitrary: jsonNumber },
    { weight: 5, arbitrary: jsonText.map((value) => JSON.stringify(value)) },
    jsonText.map((value) => `"${Array.from(value, escaped).join('')}"`),
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'é', ' "'), tie('json')), { selector: ([key]) => key })
      .map((members) => `{ ${members.map(([key, value]) => `${JSON.stringify(key)} : ${value}`).join(',')}}`),
  ),
}));

function escaped(character: string): string {
  if (character === '/') return '\\/';
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
}

const keys = fc.constantFrom(
  'a',
  'b',
  'c',
  'd',
  'long key of more than sixteen bytes',
  'é',
  '"',
  'a\\',
  '2024',
);

const jsonRecord = fc
  .record({
    members: fc.uniqueArray(fc.tuple(keys, jsonValue), { selector: ([key]) => key, maxLength: 7 }),
    space: fc.constantFrom('', '', ' ', '\t'),
    spell: fc.constantFrom(JSON.stringify, (key: string) => `"${Array.from(key, escaped).join('')}"`),
  })
  .map(
    ({ members, space, spell }) =>
      `{${members.map(([key, value]) => `${spell(key)}:${space}${value}`).join(`,${space}`)}}`,
  );

const jsonPieces = Array.from('{}[]:,"\\0123-.eE+').concat([
  'true',
  'null',
  '\n',
  ' ',
  '"a"',
  '"a":1',
  '{"a":1}\n',
  'é',
  '\\u00e9',
]);

const jsonDays = daysTable.map(([columns, isEscaped]) =>
  Buffer.from(
    rowsOfDays(columns)
      .map((row) =>
        row.map(
          (cell, i) => `"${'abcd'[i]}":"${isEscaped(cell) ? Array.from(cell, escaped).join('') : cell}"`,
        ),
      )
      .map((members) => `{${members.join(',')}}\n`)
      .join(''),
  ),
);

const jsonlFile = fc.oneof(
  { weight: 2, arbitrary: jsonDays },
  {
    weight: 4,
    arbitrary: fc.array(jsonRecord, { maxLength: 30 }).map((lines) => Buffer.from(lines.join('\n'))),
  },
  fc
    .tuple(
      fc.array(jsonRecord, { maxLength: 10 }),
      fc.array(fc.constantFrom(...jsonPieces), { maxLength: 20 }),
    )
    .map(([lines, noise]) => Buffer.from(`${lines.join('\r\n')}\n${noise.join('')}`)),
  text(jsonPieces),
);

const jsonOptions = fc.record(
  {
    leavesOut: fc.boolean(),
    columns: fc.constantFrom(['a'], ['d', 'a']),
    types: fc.constantFrom(...types, { '*': 'json' as const }),
    scanLimit: fc.integer({ min: 1, max: 10 }),
    onTypeMismatch: fc.constantFrom('error' as const, 'widen' as const),
    onExtraKey: fc.constantFrom('extend' as const, 'error' as const, 'drop' as const),
    nullValues: fc.constantFrom([], ['', 'a']),
    maxDepth: fc.integer({ min: 1, max: 4 }),
    skip: fc.nat(5),
    limit: fc.nat(50),
  },
  { requiredKeys: [] },
);

const jsonList = fc
  .tuple(fc.array(jsonRecord, { maxLength: 20 }), fc.constantFrom(',', ' ,\n', '\n,'))
  .map(([items, comma]) => Buffer.from(`\n[ ${items.join(comma)} ]\n`));

describe('JSON', () => {
  holds(
    'the kernel reads lines as the reference does, however the bytes are cut',
    fc.asyncProperty(jsonlFile, jsonOptions, cuts, fewAtATime, async (bytes, options, places, sizes) => {
      const read = (by: ReadBy) => outcome((all, how) => jsonReader(bytes, 'lines', all, how), options, by);
      const reference = await read({ kernel: false, cuts: [] });
      for (const by of ways(places, sizes)) expect(await read(by)).toEqual(reference);
    }),
  );

  holds(
    'the kernel reads lists as the reference does, however the bytes are cut',
    fc.asyncProperty(
      fc.oneof({ weight: 4, arbitrary: jsonList }, text(jsonPieces)),
      jsonOptions,
      cuts,
      fewAtATime,
      async (bytes, options, places, sizes) => {
        const read = (by: ReadBy) => outcome((all, how) => jsonReader(bytes, 'items', all, how), options, by);
        const reference = await read({ kernel: false, cuts: [] });
        for (const by of ways(places, sizes)) expect(await read(by)).toEqual(reference);
      },
    ),
  );

  holds(
    'records of which nothing is asked are written to the letter',
    fc.asyncProperty(fc.array(jsonRecord, { maxLength: 30 }), cuts, async (records, places) => {
      const bytes = Buffer.from(records.map((record) => ` ${record}\t\r\n`).join('\n'));
      const reader = jsonReader(bytes, 'lines', { scanLimit: 3 }, { kernel: true, cuts: places });
      expect(await writtenBy(reader, 'jsonl', 'asItIs')).toBe(
        records.map((record) => `${record}\n`).join(''),
      );
    }),
  );

  holds(
    'the kernel writes what the values give',
    fc.asyncProperty(jsonlFile, jsonOptions, writeFormat, async (bytes, options, to) => {
      const read = () => jsonReader(bytes, 'lines', options, { kernel: true, cuts: [] });
      const values = await writtenBy(read(), to, 'values');
      expect(await writtenBy(read(), to, 'cells')).toEqual(values);
    }),
  );
});
