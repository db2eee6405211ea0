// The kernel finds the shortest digits of doubles, and the doubles of digits, by itself; JavaScript has to find the same.
import { csv, type ColumnData, rowsBatch, type Schema } from '@x/formats';
import { columnsBatch, columnsOf } from '@x/formats/columns';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { expect, test } from 'vitest';

const schema: Schema = { columns: [{ name: 'x', type: { kind: 'float64' } }] };
const plan = { format: 'test', columns: schema.columns, order: [0] };

let state = 0x2545f491n;
/** 64 bits that look random (xorshift). */
function bits(): bigint {
  state ^= BigInt.asUintN(64, state << 13n);
  state ^= state >> 7n;
  state ^= BigInt.asUintN(64, state << 17n);
  return state;
}

const words = new BigUint64Array(1);
const double = new Float64Array(words.buffer);
function doubleOf(value: bigint): number {
  words[0] = value;
  return double[0]!;
}

const below = (bound: number): number => Number(bits() % BigInt(bound));

/** Doubles of all sizes, more of usual ones, and those at which algorithms for this have failed. */
const doubles = [
  0,
  -0,
  5e-324,
  0.000000999999999999999,
  1e-6,
  0.1,
  0.30000000000000004,
  4.35,
  999_999_999_999_999.9,
  1e15,
  9e15,
  2 ** 53,
  2 ** 53 + 2,
  1e21,
  1e23,
  1.7976931348623157e308,
  ...Array.from({ length: 90 }, (_, i) => 2 ** (i - 20)),
  ...Array.from({ length: 90 }, (_, i) => 2 ** (i - 20) * (1 - 2 ** -53)),
  ...Array.from({ length: 90 }, (_, i) => 2 ** (i - 20) * (1 + 2 ** -52)),
  ...Array.from({ length: 5000 }, () => doubleOf(bits())),
  ...Array.from({ length: 60_000 }, () =>
    doubleOf((bits() & 0x800f_ffff_ffff_ffffn) | (BigInt(1000 + below(95)) << 52n)),
  ),
  ...Array.from({ length: 20_000 }, () => below(1e9) / 100 + 0.001),
  ...Array.from({ length: 20_000 }, () => below(1e12) / 10 ** below(15)),
].filter((value) => Number.isFinite(value));

async function written(data: ColumnData): Promise<string[]> {
  const sink = new MemorySink();
  const writer = csv().createWriter(sink);
  await writer.write(columnsBatch(schema, [data], doubles.length, 0));
  await writer.finish();
  return Buffer.from(sink.bytes).toString().trimEnd().split('\n').slice(1);
}

const textOf = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

test('doubles are written as JavaScript writes them', async () => {
  const lines = await written({ kind: 'float64', values: Float64Array.from(doubles), validity: undefined });
  expect(lines.length).toBe(doubles.length);
  const wrong = doubles.flatMap((value, i) => (lines[i] === textOf(value) ? [] : [[value, lines[i]]]));
  expect(wrong).toEqual([]);
});

/** What a column of float64 becomes of a text: the double, or the code of the error. */
async function readAs(text: string, asRows: boolean): Promise<unknown> {
  const source = new MemorySource(Buffer.from(`x\n${text}\n`));
  try {
    for await (const batch of csv().createReader(source, { types: { x: 'float64' } })) {
      const given = asRows ? rowsBatch(batch.schema, [...batch.rows()], 0) : batch;
      const { columns } = await columnsOf(given, plan);
      const [data] = columns;
      return data?.kind === 'float64' ? textOf(data.values[0]!) : data?.kind;
    }
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'nothing';
}

test('the shortest digits of a double are read as that double', async () => {
  // Whole numbers whose digits are not all of the double's are taken for integers, which it does not hold.
  const held = doubles.filter(
    (value) => !/^-?\d+$/.test(String(value)) || BigInt(String(value)) === BigInt(value),
  );
  const lines = held.map(textOf);
  const source = new MemorySource(Buffer.from(`x\n${lines.join('\n')}\n`));
  const found: number[] = [];
  for await (const batch of csv().createReader(source, { types: { x: 'float64' } })) {
    const { columns } = await columnsOf(batch, plan);
    if (columns[0]?.kind === 'float64') found.push(...columns[0].values);
  }
  const wrong = held.flatMap((value, i) => (Object.is(found[i], value) ? [] : [[value, found[i]]]));
  expect([found.length, wrong]).toEqual([held.length, []]);
});

/** Digits around those of doubles: some that they have, some that none has. */
const texts = Array.from({ length: 3000 }, () => {
  const whole = String(below(10 ** (1 + below(7))));
  const fraction = String(bits()).slice(0, 1 + below(18));
  return `${below(4) === 0 ? '-' : ''}${whole}.${fraction}${'0'.repeat(below(3) === 0 ? below(4) : 0)}`;
});
const others = [
  '36028797018963970',
  '36028797018963968',
  '9007199254740992',
  '9007199254740993',
  '-0.0',
  '0.000000',
  '00.5',
];

test('digits are held against those of the double as JavaScript would', async () => {
  const outcomes = new Set<string>();
  for (const text of [...texts, ...others]) {
    const found = await readAs(text, false);
    expect([text, found]).toEqual([text, await readAs(text, true)]);
    outcomes.add(found === 'TYPE_MISMATCH' ? 'refused' : 'taken');
  }
  expect(outcomes).toEqual(new Set(['refused', 'taken']));
});
