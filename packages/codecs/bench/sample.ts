import fs from 'node:fs';

const cities = [
  'Accra',
  'Bergen',
  'Chengdu',
  'Dakar',
  'Graz',
  'Lima',
  'Porto',
  'Quito',
  'São Paulo',
  'Zürich',
];
const states = ['ok', 'ok', 'ok', 'late', 'low battery', 'replaced'];
const words = 'sensor was cleaned and moved to the roof after a storm it reads too high in the sun'.split(
  ' ',
);

const header =
  'reading,time,station,city,temperature,humidity,pressure,wind,gust,direction,rain,light,current,state,note\n';
const pieceLength = 1024 * 1024;

/** Writes that many bytes of weather readings as CSV, the same ones every time. The last line may be cut. */
export function writeSample(path: string, bytes: number): void {
  const dice = new Dice();
  const file = fs.openSync(path, 'wx');
  try {
    let rows = header;
    let reading = 0;
    for (let left = bytes; left > 0;) {
      while (rows.length < pieceLength) rows += readingRow(dice, reading++);
      left -= fs.writeSync(file, Buffer.from(rows).subarray(0, left));
      rows = '';
    }
  } finally {
    fs.closeSync(file);
  }
}

/** A row of numbers with some words that come often and, now and then, a note in quotes. */
function readingRow(dice: Dice, reading: number): string {
  const time = new Date(1_700_000_000_000 + 7000 * reading + dice.below(7000)).toISOString();
  const fields = [
    reading,
    time,
    `S-${1000 + dice.below(500)}`,
    dice.of(cities),
    (dice.below(5000) / 100 - 10).toFixed(2),
    (dice.below(10_000) / 100).toFixed(1),
    (950 + dice.below(10_000) / 100).toFixed(2),
    (dice.below(30_000) / 1000).toString(),
    (dice.below(60_000) / 1000).toString(),
    dice.below(360),
    dice.below(4) === 0 ? (dice.below(2000) / 100).toString() : '0',
    dice.below(120_000),
    (dice.below(1_000_000) / 7).toFixed(6),
    dice.of(states),
    dice.below(10) === 0 ? `"${note(dice)}, ""${dice.of(cities)}"""` : '',
  ];
  return `${fields.join(',')}\n`;
}

function note(dice: Dice): string {
  return Array.from({ length: 1 + dice.below(9) }, () => dice.of(words)).join(' ');
}

/** Numbers in an order that looks like none: a linear congruential generator, whose high bits are the better ones. */
class Dice {
  #state = 2024;

  below(end: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * end);
  }

  of(values: readonly string[]): string {
    return values[this.below(values.length)] ?? '';
  }
}
