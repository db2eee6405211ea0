import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type ConversionJob, convert, type ConvertOptions } from '@x/convert';
import { expect, test } from 'vitest';

import { Random } from '../chaos/random.ts';
import { convertPart } from '../src/split/convert-part.ts';
import { recordRanges } from '../src/split/record-ranges.ts';
import { scratchFolder } from './scratch.ts';

const comma = { delimiter: 0x2c, quote: 0x22 };

/** What a file of these bytes becomes, whole and in parts: outputs and rejects, each put together. */
async function bothWays(
  folder: string,
  bytes: string | Buffer,
  {
    name,
    options = {},
    partBytes,
    ...layout
  }: Parameters<typeof recordRanges>[2] & {
    readonly name: string;
    readonly options?: ConvertOptions;
    readonly partBytes: number;
  },
): Promise<{ readonly parts: number; readonly whole: string[]; readonly joined: string[] }> {
  const source = join(folder, name);
  writeFileSync(source, bytes);
  const [wholeOut, wholeRejects] = [join(folder, 'whole.jsonl'), join(folder, 'whole.rejects')];
  await convert(source, wholeOut, { ...options, rejects: wholeRejects });
  const read = (path: string): string => readFileSync(path, 'utf8');
  const { header, ranges } = await recordRanges(source, partBytes, layout);
  // Wherever what is read at a time ends.
  for (const chunkBytes of [3, 4, 7, 64]) {
    expect(await recordRanges(source, partBytes, layout, { chunkBytes })).toEqual({ header, ranges });
  }
  expect(ranges.at(-1)!.end).toBe(Buffer.byteLength(bytes));
  const joined = ['', ''];
  for (const [i, range] of ranges.entries()) {
    expect(range.start).toBe(i === 0 ? header.end : ranges[i - 1]!.end);
    const destination = join(folder, 'part.jsonl');
    const rejects = join(folder, 'rejects', 'part.rejects');
    const alone = (job: ConversionJob) =>
      convert(job.source, job.destination, {
        ...options,
        rejects: job.rejects,
        from: { ...options.from, format: name.split('.').at(-1)! },
      });
    await convertPart({ source, destination, rejects }, { header, range }, { convert: alone }, undefined);
    joined[0] += read(destination);
    joined[1] += read(rejects);
  }
  return { parts: ranges.length, whole: [read(wholeOut), read(wholeRejects)], joined };
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;

/** A file of all that the reader takes, and of records that it refuses. */
function awkward(seed: number, columns: number): Buffer {
  const random = new Random(seed);
  const good = [
    '',
    'a',
    'Zoë',
    '！x',
    '"b""c"',
    '"x\ny"',
    '"\r\n"',
    '"d,e"',
    '""',
    '"""\n"""',
    '"\n\r\n"',
    '"\r"',
    'q"',
    'a"b',
  ];
  // Which of two faults of a record is told depends on what the reader has in memory: a file has one kind.
  const isRagged = random.next() < 0.5;
  const bad = ['"a"b', '"a" "x', '"a"b"', '"a\n"b\r"c"', isRagged ? '""""x' : '\ufffd'];
  const ends = pick(random, [['\n'], ['\r\n'], ['\r'], ['\n', '\r\n', '\r']]);
  const badShare = pick(random, [0, 0.02, 0.2]);
  const cell = (): string => pick(random, random.next() < badShare ? bad : good);
  const line = (): string => {
    if (random.next() < 0.1) return '';
    const width = isRagged && random.next() < badShare ? 1 + Math.floor(random.next() * 4) : columns;
    return Array.from({ length: width }, cell).join(',');
  };
  const header = Array.from({ length: columns }, (_, i) => pick(random, [`n${i}`, `"n\n${i}"`])).join(',');
  const lines = [header, ...Array.from({ length: 1 + random.next() * 30 }, line)];
  const text = lines.map((one, i) =>
    i === lines.length - 1 && random.next() < 0.3 ? one : one + pick(random, ends),
  );
  const open = random.next() < badShare ? '1,"open\n2,3\n' : '';
  const bytes = Buffer.from(
    `${random.next() < 0.2 ? '\uFEFF' : ''}${random.next() < 0.2 ? pick(random, ends) : ''}${text.join('')}${open}`,
  );
  // A byte that is no UTF-8, in place of one of three that mean U+FFFD.
  return Buffer.from(bytes.toString('latin1').replaceAll('\u00ef\u00bf\u00bd', '\u00ff'), 'latin1');
}

test('cut anywhere, a file gives the outputs and the rejects of the whole, places included', async () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'rejects'));
  let [parts, rejected] = [0, 0];
  for (let seed = 1; seed <= 150; seed += 1) {
    const columns = 1 + (seed % 3);
    const found = await bothWays(folder, awkward(seed, columns), {
      name: 'a.csv',
      options: { onError: 'skip' },
      partBytes: 1 + (seed % 40),
      delimited: comma,
      hasHeader: true,
      hasBlankRows: columns === 1,
    });
    expect({ seed, found: found.joined }).toEqual({ seed, found: found.whole });
    parts += found.parts;
    rejected += found.whole[1]!.length;
  }
  expect(parts).toBeGreaterThan(1000);
  expect(rejected).toBeGreaterThan(5000);
});

test('a blank row behind a header that ends with a carriage return is one still', async () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'rejects'));
  const layout = { name: 'a.csv', partBytes: 1, delimited: comma, hasHeader: true, hasBlankRows: true };
  const found = await bothWays(folder, 'n\r1\n\n2\n', layout);
  expect(found).toEqual({ parts: 3, whole: found.whole, joined: found.whole });
});

test('JSON Lines are cut where lines end, whatever is on them', async () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'rejects'));
  const lines = [
    '{"a":1,"b":"x\\ny"}',
    '',
    ' \t',
    '{"a":2}',
    '{"c":[1,{"d":"Zoë"}]}',
    '{"a"',
    '[1]',
    '{"b":"\u2028"}',
  ];
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = new Random(seed);
    const text = Array.from({ length: random.next() * 30 }, () => pick(random, lines)).join(
      pick(random, ['\n', '\r\n']),
    );
    const found = await bothWays(folder, `{"a":0}\n${text}`, {
      name: 'a.jsonl',
      options: { onError: 'skip' },
      partBytes: 1 + (seed % 40),
      hasHeader: false,
    });
    expect({ seed, found: found.joined }).toEqual({ seed, found: found.whole });
  }
});
