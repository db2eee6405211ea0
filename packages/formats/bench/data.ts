/** What is read: made up, and the same at every run. */
import { closeSync, openSync, writeSync } from 'node:fs';

const names = [
  'Ada Lovelace',
  'Zoë Müller',
  'José Álvarez',
  'Søren Kjær',
  '王小明',
  'Anna Nowak',
  'Emmy Noether',
];
const cities = [
  'Oslo',
  'Kraków',
  'São Paulo',
  'Nuremberg',
  'Zürich',
  'Aix-en-Provence',
  '東京',
  'Washington, D.C.',
];
const words =
  'the parcel was left with a neighbour and came back one day later than it had been promised'.split(' ');

/** A row as its values; a number is spelled as JavaScript does. */
type Values = Record<string, string | number | boolean | null>;

/** Numbers below `bound`, in an order that looks like none (a linear congruential generator). */
class Dice {
  #state = 20_240_229;

  below(bound: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * bound);
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

/** Orders: a third of the rows has a quoted cell, one in 20 a newline in it, a half some letter beyond ASCII. */
function order(dice: Dice, row: number): Values {
  const name = dice.of(names);
  let note = Array.from({ length: dice.below(9) }, () => dice.of(words)).join(' ');
  const odd = dice.below(20);
  if (odd < 4) note += ', really';
  else if (odd === 4) note += ', she said "no"';
  else if (odd === 5) note += '\nand so on';
  return {
    id: row,
    name,
    email: `user${dice.below(1e6)}@example.org`,
    city: dice.of(cities),
    joined: `20${10 + dice.below(15)}-0${1 + dice.below(9)}-${10 + dice.below(18)}`,
    quantity: dice.below(1000),
    price: (1 + dice.below(9_999_999)) / 100 + 0.001,
    active: dice.below(2) === 0,
    code: String(dice.below(100_000)).padStart(6, '0'),
    tag: dice.below(3) === 0 ? null : dice.of(words),
    note,
  };
}

/** Sensor readings: 200 columns of numbers and short words, nothing quoted. */
function reading(dice: Dice, row: number): Values {
  const values: Values = { row };
  for (let i = 1; i < 200; i++) {
    values[`column_${i}`] =
      i % 4 === 0 ? dice.of(words) : dice.below(10 ** (1 + (i % 6))) / (i % 4 === 1 ? 8 : 1);
  }
  return values;
}

function csvCell(value: Values[string]): string {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvLine = (cells: readonly Values[string][]): string => `${cells.map(csvCell).join(',')}\n`;

interface Shape {
  readonly row: (dice: Dice, row: number) => Values;
  readonly header: boolean;
  readonly line: (values: Values) => string;
}

const csvRow = (values: Values): string => csvLine(Object.values(values));

const shapes = {
  'orders.csv': { row: order, header: true, line: csvRow },
  'orders.jsonl': { row: order, header: false, line: (values) => `${JSON.stringify(values)}\n` },
  'wide.csv': { row: reading, header: true, line: csvRow },
} satisfies Record<string, Shape>;

export type DataName = keyof typeof shapes;

/** Writes rows until the file has that many bytes. */
export function writeData(name: DataName, path: string, bytes: number): void {
  const { row, header, line }: Shape = shapes[name];
  const dice = new Dice();
  const file = openSync(path, 'w');
  let lines = header ? csvLine(Object.keys(row(new Dice(), 0))) : '';
  for (let number = 0, written = 0; written < bytes; number++) {
    lines += line(row(dice, number));
    if (lines.length < 1e6) continue;
    written += writeSync(file, lines);
    lines = '';
  }
  closeSync(file);
}
