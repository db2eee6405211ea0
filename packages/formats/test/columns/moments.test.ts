// The kernel reads days and moments by itself where they are spelled as usual; JavaScript has to read the same.
import {
  csv,
  type DataType,
  type FormatError,
  jsonl,
  rowsBatch,
  type TypeName,
  type Value,
} from '@x/formats';
import { columnsOf, valuesOf } from '@x/formats/columns';
import { MemorySource } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

const two = (value: number): string => String(value).padStart(2, '0');

/** Numbers below a bound, the same at every run (a linear congruential generator). */
let state = 1;
function below(bound: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * bound);
}
const oneOf = <T>(...values: readonly T[]): T => values[below(values.length)]!;

const year = (): string =>
  oneOf('1970', '2024', '2000', '1900', '0000', '9999', '2023', String(1000 + below(9000)));
const days = [
  ...Array.from({ length: 2500 }, () => `${year()}-${two(below(14))}-${two(below(33))}`),
  '2024-02-29',
  '2023-02-29',
  '1900-02-29',
  '2000-02-29',
  '0000-02-29',
  '2024-04-31',
  '2024-12-31',
  '0000-01-01',
  '2024-1-01',
  '2024-01-1',
  '24-01-01',
  '2024/01/01',
  '20240101',
  ' 2024-01-01',
  '2024-01-01 ',
  '2O24-01-01',
  'x',
  '-2024-01-01',
  '2024-01-0a',
  '2024-01-01T00:00',
  '+2024-01-01',
];
const moments = [
  ...Array.from({ length: 4000 }, () => {
    const day = `${year()}-${two(1 + below(13))}-${two(1 + below(31))}`;
    const minute = `${two(below(26))}:${two(below(62))}`;
    const second = oneOf('', `:${two(below(62))}`, `:${two(below(60))}`);
    const digits = String(below(1e9)).slice(0, 1 + below(9)) + oneOf('', '', '000', '0');
    const fraction = second === '' || below(3) === 0 ? oneOf('', '', '.') : `.${digits}`;
    const zone = oneOf('', '', 'Z', 'Z', '+01:00', '-0330', '+05', 'z', ' Z', '+25:00');
    return `${day}${oneOf('T', ' ', 't', '')}${minute}${second}${fraction}${zone}`;
  }),
  '1677-09-21T00:12:43.145224193Z',
  '2262-04-11T23:47:16.854775807Z',
  '2262-04-11T23:47:16.854775808Z',
  '1969-12-31T23:59:59.999999Z',
  '1970-01-01T00:00',
  '2024-02-29T24:00:00Z',
  '2024-01-01T00:00:00ZZ',
  '2024-01-01T00:00Zx',
  '2024-01-01T00:00:00.5Z ',
  '2024-06-30T23:59:60Z',
];

type Read = (
  text: string,
  types: Record<string, TypeName>,
) => ReturnType<ReturnType<typeof csv>['createReader']>;
const readers: Record<string, Read> = {
  csv: (text, types) => csv().createReader(new MemorySource(Buffer.from(`x,y\n"${text}",1\n`)), { types }),
  'csv without quotes': (text, types) =>
    csv().createReader(new MemorySource(Buffer.from(`x,y\n${text},1\n`)), { types }),
  jsonl: (text, types) =>
    jsonl().createReader(new MemorySource(Buffer.from(`${JSON.stringify({ x: text, y: 1 })}\n`)), { types }),
};

/** What is stored of a text: its units, or the code of the error. */
async function stored(
  read: Read,
  text: string,
  types: Record<string, TypeName>,
  type: DataType,
  asRows: boolean,
) {
  try {
    for await (const batch of read(text, types)) {
      const given = asRows ? rowsBatch(batch.schema, [...batch.rows()], batch.firstRow) : batch;
      const { columns } = await columnsOf(given, {
        format: 'test',
        columns: [{ name: 'x', type }],
        order: [0],
      });
      const [data] = columns;
      if (data?.kind === 'int32' || data?.kind === 'int64') return String(data.values[0]);
      return data?.kind;
    }
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'nothing';
}

const timestamp = (unit: 'ms' | 'us' | 'ns') => ({ kind: 'timestamp', unit, zoned: true }) as const;
const cases = [
  ['date', { kind: 'date' }, days],
  ['timestamp', timestamp('us'), moments],
  ['timestamp', timestamp('ms'), moments.slice(-1000)],
  ['timestamp', timestamp('ns'), moments.slice(-1000)],
] as const;

describe.each(Object.entries(readers))('%s', (_, read) => {
  test.each(cases)('%s to %o: as columns and as rows', async (name, type, texts) => {
    const outcomes = new Map<string, number>();
    for (const text of texts) {
      const found = await stored(read, text, { x: name }, type, false);
      expect([text, found]).toEqual([text, await stored(read, text, { x: name }, type, true)]);
      const outcome = found === 'TYPE_MISMATCH' ? 'refused' : 'taken';
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(Math.min(outcomes.get('refused') ?? 0, outcomes.get('taken') ?? 0)).toBeGreaterThan(
      texts.length / 20,
    );
  });
});

/** The reference: by one cell at a time, as JavaScript sees it. */
test('many rows with nulls and wrong cells give way, are left out or refused at the same place', async () => {
  const good = days.filter((text) => {
    const date = new Date(`${text}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
  });
  const cells = Array.from({ length: 3000 }, (_, i) => (i % 11 === 0 ? '' : (good[i % good.length] ?? '')));
  const lines = cells.map(
    (text, i) => `${i},${text},${i % 5 === 0 ? '' : `${text || '2024-01-01'} 12:30:${two(i % 60)}.${i}`}`,
  );
  lines[1234] = '1234,2024-02-30,';
  lines[2345] = '2345,,2024-01-01 25:00';
  const wrong: string[] = [];
  const options = {
    types: { id: 'integer', day: 'date', at: 'timestamp' },
    nullValues: [''],
    onBadRow: (error: FormatError) => void wrong.push(`${error.field} in row ${error.row}`),
  } as const;
  const source = new MemorySource(Buffer.from(`id,day,at\n${lines.join('\n')}\n`));
  const found: Value[][] = [];
  for await (const batch of csv().createReader(source, options)) {
    const { columns } = batch.schema;
    const plan = { format: 'test', columns, order: columns.map((_, i) => i) };
    const data = await columnsOf(batch, plan);
    expect(data.columns.map(({ kind }) => kind)).toEqual(['int64', 'int32', 'int64']);
    const valueAt = data.columns.map((column, i) => valuesOf(column, columns[i]!.type));
    for (let row = 0; row < data.rowCount; row++) found.push(valueAt.map((at) => at(row)));
  }
  const isDay = (text: string) => new Date(`${text}T00:00:00Z`);
  const expected = lines.flatMap((line, i) => {
    if (i === 1234 || i === 2345) return [];
    const [id = '', day = '', at = ''] = line.split(',');
    const moment = new Date(`${at.slice(0, 23).replace(' ', 'T')}Z`);
    const microseconds = Number(at.slice(20).padEnd(6, '0').slice(3, 6));
    return [
      [Number(id), day === '' ? null : isDay(day), at === '' ? null : [moment.getTime(), microseconds]],
    ];
  });
  const told = found.map(([id, day, at]) => {
    if (!(at instanceof Date)) return [id, day, at];
    return [id, day, [at.getTime(), 'nanoseconds' in at ? Number(at.nanoseconds) / 1000 : 0]];
  });
  expect(told).toEqual(expected);
  expect(wrong).toEqual(['day in row 1235', 'at in row 2346']);
});
