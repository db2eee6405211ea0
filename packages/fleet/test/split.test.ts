import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { convert } from '@x/convert';
import { joinRun, local, readDataset, splitConvert } from '@x/fleet';
import { publishDataset } from '@x/fleet/run-directory';
import { expect, test } from 'vitest';

import { Random } from '../chaos/random.ts';
import { recordRanges } from '../src/split/record-ranges.ts';
import { scratchFolder } from './scratch.ts';

const quick = { to: 'jsonl', concurrency: 2, retryDelay: 1 } as const;
const csvLayout = { delimited: { delimiter: 0x2c, quote: 0x22 }, hasHeader: true } as const;

const partsIn = (dataset: string): string[] =>
  readdirSync(dataset)
    .filter((name) => name.startsWith('part-'))
    .toSorted();
const joined = (dataset: string, parts: readonly string[]): string =>
  parts.map((part) => readFileSync(join(dataset, part), 'utf8')).join('');

/** A file of awkward cells: newlines, quotes and delimiters inside of quotes, and ends of both kinds. */
function awkward(seed: number): string {
  const random = new Random(seed);
  const cells = ['', 'a', 'Zoë', '"b""c"', '"x\ny"', '"\r\n"', '"d,e"', '""', '"""\n"""', '"\n\n\n"'];
  const cell = (): string => cells[Math.floor(random.next() * cells.length)]!;
  const end = random.next() < 0.5 ? '\n' : '\r\n';
  const rows = Array.from({ length: 2 + random.next() * 40 }, (_, i) => `${i},${cell()},${cell()}`);
  return `${random.next() < 0.2 ? '\uFEFF' : ''}"i\nd","first\nname",b${end}${rows.join(end)}${random.next() < 0.7 ? end : ''}`;
}

test('cut anywhere, a file of awkward records gives the rows of the whole', async () => {
  const folder = scratchFolder();
  for (let seed = 1; seed <= 60; seed += 1) {
    const [source, part] = [join(folder, 'a.csv'), join(folder, 'part.csv')];
    writeFileSync(source, awkward(seed));
    const whole: Record<string, unknown>[] = [];
    await convert(source, whole);
    const bytes = readFileSync(source);
    const { header, ranges } = await recordRanges(source, 1 + (seed % 40), csvLayout);
    const rows: Record<string, unknown>[] = [];
    for (const { start, end } of ranges) {
      writeFileSync(part, Buffer.concat([bytes.subarray(0, header.end), bytes.subarray(start, end)]));
      await convert(part, rows);
    }
    expect({ seed, rows }).toEqual({ seed, rows: whole });
    expect(ranges.at(-1)?.end).toBe(bytes.length);
    expect(ranges.slice(1).map(({ start }) => start)).toEqual(ranges.slice(0, -1).map(({ end }) => end));
  }
});

test('records that lie over the edges of what is read at a time are kept whole', async () => {
  const source = join(scratchFolder(), 'long.csv');
  const record = `1,"${'\n'.repeat(700_000)}"\n`;
  writeFileSync(source, `id,text\n${record.repeat(5)}`);
  const { header, ranges } = await recordRanges(source, 1_000_000, csvLayout);
  expect(header).toEqual({ start: 0, end: 8 });
  expect(ranges.map(({ start, end }) => end - start)).toEqual([
    record.length * 2,
    record.length * 2,
    record.length,
  ]);
});

test('a new dataset is there with all of its parts, in order, and not before', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.csv'), join(folder, 'set')];
  writeFileSync(source, awkward(9));
  const run = await splitConvert(source, dataset, { ...quick, partBytes: 30 });
  let isEarly = false;
  for await (const { open } of run.progress()) isEarly ||= open > 0 && existsSync(dataset);
  expect(isEarly).toBe(false);
  const { published, isComplete } = await run.done();
  expect(isComplete).toBe(true);
  expect(published).toBeGreaterThan(3);
  expect(partsIn(dataset)).toHaveLength(published);
  await convert(source, join(folder, 'whole.jsonl'));
  expect(joined(dataset, partsIn(dataset))).toBe(readFileSync(join(folder, 'whole.jsonl'), 'utf8'));
  expect(readdirSync(folder).toSorted()).toEqual(['a.csv', 'set', 'whole.jsonl']);
  expect(await (await joinRun(dataset)).done()).toMatchObject({ published, isComplete: true });
});

test('a dataset that is there gets a version, which is seen with all of its parts', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.jsonl'), join(folder, 'set')];
  mkdirSync(dataset);
  expect(await readDataset(dataset)).toBeUndefined();
  for (const version of [1, 2]) {
    const lines = Array.from({ length: 30 }, (_, i) => `{"id":${i},"version":${version}}\n`).join('');
    writeFileSync(source, lines);
    await (await splitConvert(source, dataset, { ...quick, partBytes: 100 })).done();
    const found = await readDataset(dataset);
    expect(found).toMatchObject({ version, run: expect.stringMatching(/^run-/) });
    expect(joined(dataset, found!.parts)).toBe(lines);
  }
});

test('a dataset that lacks a part is not published', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.csv'), join(folder, 'set')];
  writeFileSync(source, `a,b\n${'1,2\n'.repeat(20)}1\n${'3,4\n'.repeat(20)}`);
  const run = await splitConvert(source, dataset, { ...quick, attempts: 1, partBytes: 40 });
  expect(await run.done()).toMatchObject({ failed: 1, isComplete: true });
  expect(existsSync(dataset)).toBe(false);
});

test('two workers that end a dataset at once both find it complete', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.csv'), join(folder, 'set')];
  writeFileSync(source, awkward(9));
  const drain = AbortSignal.abort();
  const first = await splitConvert(source, dataset, { ...quick, partBytes: 30, drain, engine: local() });
  await first.done();
  const staging = join(folder, '.set.parts');
  const workers = await Promise.all([
    joinRun(staging, quick),
    joinRun(staging, quick),
    joinRun(staging, quick),
  ]);
  for (const result of await Promise.all(workers.map((worker) => worker.done()))) {
    expect(result).toMatchObject({ open: 0, failed: 0, isComplete: true });
  }
  expect(readdirSync(folder).toSorted()).toEqual(['a.csv', 'set']);
});

test('versions that are made at once get numbers of their own, and one that is made again is the same', async () => {
  const path = scratchFolder();
  const run = (i: number) => ({ path: join(path, '.xrun', `run-${i}`), number: i, out: path });
  for (let i = 0; i < 8; i += 1) mkdirSync(join(run(i).path, 'tmp'), { recursive: true });
  const publish = (i: number) => publishDataset(run(i), { kind: 'version', path, parts: [`${i}`] });
  await Promise.all(Array.from({ length: 8 }, (_, i) => publish(i)));
  await publish(3);
  const files = readdirSync(join(path, '_versions')).toSorted();
  expect(files).toHaveLength(8);
  const parts = files.map(
    (name) =>
      (JSON.parse(readFileSync(join(path, '_versions', name), 'utf8')) as { readonly parts: string[] }).parts,
  );
  expect(parts.flat().toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
});

test('what each part would find out for itself, and what cannot be cut, is refused', async () => {
  const folder = scratchFolder();
  const [csv, jsonl, gz] = ['a.csv', 'a.jsonl', 'a.csv.gz'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(csv, 'id\n1\n');
  writeFileSync(jsonl, '{"id":1}\n');
  await convert(csv, gz);
  const refusals: readonly [source: string, options: object, named: string][] = [
    [gz, {}, 'compressed'],
    [jsonl, { to: 'csv' }, 'columns'],
    [csv, { to: 'parquet' }, 'types'],
    [csv, { types: 'infer' }, 'types'],
    [csv, { from: { escape: '\\' } }, 'escape'],
    [csv, { from: { delimiter: 'auto' } }, 'delimiter'],
  ];
  for (const [source, options, named] of refusals) {
    await expect(splitConvert(source, join(folder, 'set'), { ...quick, ...options })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      problem: expect.stringContaining(named),
    });
  }
  expect(readdirSync(folder).toSorted()).toEqual(['a.csv', 'a.csv.gz', 'a.jsonl']);
});
