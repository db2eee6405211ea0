import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { convert } from '@x/convert';
import { detachSplit, joinRun, local, readDataset, splitConvert, type SplitOptions } from '@x/fleet';
import { cancelRun, collectGarbage, findRun, Plan, publishDataset } from '@x/fleet/run-directory';
import { expect, test, vi } from 'vitest';

import { Random } from '../chaos/random.ts';
import { recordRanges } from '../src/split/record-ranges.ts';
import { scratchFolder } from './scratch.ts';

const quick: SplitOptions = { to: 'jsonl', concurrency: 2, retryDelay: 1 };
const csvLayout = { delimited: { delimiter: 0x2c, quote: 0x22 }, hasHeader: true } as const;

const partsIn = (dataset: string): string[] =>
  readdirSync(dataset)
    .filter((name) => name.startsWith('part-'))
    .toSorted();
const joined = (dataset: string, parts: readonly string[]): string =>
  parts.map((part) => readFileSync(join(dataset, part), 'utf8')).join('');

/** A file of awkward cells: newlines, quotes and delimiters inside of quotes. */
function awkward(seed: number): string {
  const random = new Random(seed);
  const cells = ['', 'a', 'Zoë', '"b""c"', '"x\ny"', '"\r\n"', '"d,e"', '""', '"""\n"""', '"\n\n\n"'];
  const cell = (): string => cells[Math.floor(random.next() * cells.length)]!;
  const rows = Array.from({ length: 20 }, (_, i) => `${i},${cell()},${cell()}\n`);
  return `"i\nd","first\nname",b\n${rows.join('')}`;
}

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
  expect(await readDataset(dataset)).toMatchObject({ version: 1, parts: partsIn(dataset) });
  expect(await (await joinRun(dataset)).done()).toMatchObject({ published, isComplete: true });
});

const linesOf = (version: number): string =>
  Array.from({ length: 30 }, (_, i) => `{"id":${i},"version":${version}}\n`).join('');

test('a dataset that is there gets a version, which is seen with all of its parts', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.jsonl'), join(folder, 'set')];
  // As `mkdir` leaves it.
  mkdirSync(dataset);
  expect(await readDataset(dataset)).toBeUndefined();
  for (const version of [1, 2, 3]) {
    writeFileSync(source, linesOf(version));
    const seen = new Set<number>();
    const read: string[] = [];
    const run = await splitConvert(source, dataset, { ...quick, partBytes: 100 });
    // Whoever reads meanwhile has the old one, whole.
    for await (const { open } of run.progress()) {
      const found = await readDataset(dataset);
      if (open > 0) seen.add(found?.version ?? 0);
      read.push(found === undefined ? '' : joined(dataset, found.parts));
    }
    await run.done();
    expect([...seen]).toEqual([version - 1]);
    const whole = new Set(['', ...Array.from({ length: version }, (_, i) => linesOf(i + 1))]);
    expect(read.filter((text) => !whole.has(text))).toEqual([]);
    const found = await readDataset(dataset);
    expect(found).toMatchObject({ version, run: expect.stringMatching(/^run-/) });
    expect(joined(dataset, found!.parts)).toBe(linesOf(version));
  }
  expect(partsIn(dataset)).toHaveLength(6);
});

test('a folder that is no dataset stays as it is', async () => {
  const folder = scratchFolder();
  const [source, file] = [join(folder, 'a.csv'), join(folder, 'file')];
  writeFileSync(source, 'a\n1\n');
  writeFileSync(file, '');
  for (const path of [folder, file]) {
    await expect(splitConvert(source, path, quick)).rejects.toMatchObject({ code: 'DATASET_EXISTS', path });
  }
  expect(readdirSync(folder).toSorted()).toEqual(['a.csv', 'file']);
});

test('what a run that came to no end has made is no part of the next one', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.csv'), join(folder, 'set')];
  writeFileSync(source, awkward(9));
  const first = await splitConvert(source, dataset, { ...quick, partBytes: 10 });
  for await (const { published } of first.progress()) if (published > 5) break;
  await cancelRun(first.folder).catch(() => undefined);
  await first.done().catch(() => undefined);
  expect(existsSync(dataset)).toBe(false);
  await (await splitConvert(source, dataset, { ...quick, partBytes: 100 })).done();
  await convert(source, join(folder, 'whole.jsonl'));
  const found = await readDataset(dataset);
  expect(found!.version).toBe(1);
  expect(partsIn(dataset)).toEqual(found!.parts);
  expect(joined(dataset, partsIn(dataset))).toBe(readFileSync(join(folder, 'whole.jsonl'), 'utf8'));
});

test('a run that is cancelled is cleared away by the name of its dataset', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.csv'), join(folder, 'set')];
  writeFileSync(source, awkward(9));
  await detachSplit(source, dataset, { ...quick, partBytes: 30 });
  await cancelRun(await findRun(dataset));
  expect(await collectGarbage(dataset)).toEqual([join(folder, '.set.parts')]);
  expect(readdirSync(folder)).toEqual(['a.csv']);
  await (await splitConvert(source, dataset, { ...quick, partBytes: 30 })).done();
  const { parts } = (await readDataset(dataset))!;
  // Of a version, only what is no part of one.
  const run = await splitConvert(source, dataset, { ...quick, partBytes: 30, drain: AbortSignal.abort() });
  await run.done();
  mkdirSync(join(dataset, 'parts-x'));
  const [part] = (await Plan.open(run.folder).then((plan) => plan.range(0))).map((file) => file.destination);
  mkdirSync(dirname(part!));
  writeFileSync(part!, '');
  await cancelRun(run.folder);
  expect(await collectGarbage(dataset)).toContain(dirname(part!));
  expect(readdirSync(dataset).filter((name) => name.startsWith('parts-'))).toEqual(['parts-x']);
  expect((await readDataset(dataset))!.parts).toEqual(parts);
  await (await splitConvert(source, dataset, { ...quick, partBytes: 30 })).done();
  expect(await readDataset(dataset)).toMatchObject({ version: 2 });
});

test('a dataset that lacks a part is not published', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.csv'), join(folder, 'set')];
  writeFileSync(source, `a,b\n${'1,2\n'.repeat(20)}1\n${'3,4\n'.repeat(20)}`);
  const run = await splitConvert(source, dataset, { ...quick, attempts: 1, partBytes: 40 });
  expect(await run.done()).toMatchObject({ failed: 1, isComplete: true });
  expect(existsSync(dataset)).toBe(false);
  const [, ...lines] = readFileSync(join(folder, '.set.parts', '_SUCCESS'), 'utf8')
    .trim()
    .split('\n');
  const failed = lines.map((line) => JSON.parse(line) as object).find((one) => 'error' in one);
  // Where it is in the file that was cut.
  expect(failed).toMatchObject({ error: { code: 'RAGGED_ROW', row: 21, line: 22, byteOffset: 84 } });
});

test('what is in the way is found before the file is looked through, and an abort leaves nothing', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.csv'), join(folder, 'set')];
  writeFileSync(source, awkward(9));
  const aborted = { ...quick, signal: AbortSignal.abort(new Error('enough')) };
  await expect(splitConvert(source, dataset, aborted)).rejects.toThrow('enough');
  expect(readdirSync(folder)).toEqual(['a.csv']);
  await detachSplit(source, dataset, quick);
  const onScan = vi.fn<(bytes: number, total: number) => void>();
  const again = splitConvert(source, dataset, { ...quick, onScan });
  await expect(again).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
  expect(onScan).not.toHaveBeenCalled();
  await detachSplit(source, dataset, { ...quick, takeover: true, onScan });
  expect(onScan).toHaveBeenLastCalledWith(readFileSync(source).length, readFileSync(source).length);
});

test('a file that names no columns has the same in each part', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.tsv'), join(folder, 'set')];
  writeFileSync(source, Array.from({ length: 20 }, (_, i) => `${i}\t'x\ny'\n`).join(''));
  for (const columns of [undefined, ['i d', "b'\t"]]) {
    const options = { columns, from: { header: false, quote: "'" } };
    await (await splitConvert(source, dataset, { ...quick, ...options, partBytes: 30 })).done();
    await convert(source, join(folder, 'whole.jsonl'), options);
    const { parts } = (await readDataset(dataset))!;
    expect(parts.length).toBeGreaterThan(4);
    expect(joined(dataset, parts)).toBe(readFileSync(join(folder, 'whole.jsonl'), 'utf8'));
  }
});

test('types are found once, as a conversion of the whole finds them', async () => {
  const folder = scratchFolder();
  const [source, dataset] = [join(folder, 'a.csv'), join(folder, 'set')];
  writeFileSync(
    source,
    `n,t,d\n${Array.from({ length: 40 }, (_, i) => `${i < 30 ? i : i / 4},${i < 30 ? i : 'x'},\n`).join('')}`,
  );
  await (await splitConvert(source, dataset, { ...quick, types: 'infer', partBytes: 50 })).done();
  await convert(source, join(folder, 'whole.jsonl'), { types: 'infer' });
  expect(joined(dataset, partsIn(dataset))).toBe(readFileSync(join(folder, 'whole.jsonl'), 'utf8'));
});

test('an empty file, and a header alone, are a part', async () => {
  const folder = scratchFolder();
  const source = join(folder, 'a.csv');
  for (const [i, text] of ['a,b', 'a,b\n', '\n\na,b\n\n'].entries()) {
    writeFileSync(source, text);
    await convert(source, join(folder, 'whole.csv'));
    const dataset = join(folder, `set${i}`);
    expect(await (await splitConvert(source, dataset, { to: 'csv' })).done()).toMatchObject({ published: 1 });
    expect(joined(dataset, partsIn(dataset))).toBe(readFileSync(join(folder, 'whole.csv'), 'utf8'));
  }
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
  const [nested, utf16] = [join(folder, 'nested.jsonl'), join(folder, 'utf16.csv')];
  writeFileSync(nested, '{"list":[1]}\n');
  writeFileSync(utf16, Buffer.from('\uFEFFid\n1\n', 'utf16le'));
  writeFileSync(csv, 'id\n1\n');
  writeFileSync(jsonl, '{"id":1}\n');
  await convert(csv, gz);
  const refusals: readonly [source: string, options: object, named: string][] = [
    [gz, {}, 'compressed'],
    [jsonl, { to: 'csv' }, 'columns'],
    [jsonl, { types: 'infer', columns: ['id'], from: { onExtraKey: 'drop' } }, 'onExtraKey'],
    [nested, { to: 'parquet', columns: ['list'] }, 'list'],
    [utf16, {}, 'UTF-16'],
    [folder, {}, 'no file'],
    [csv, { partBytes: 0 }, 'partBytes'],
    [csv, { from: { skip: 1 } }, 'skip'],
    [csv, { from: { escape: '\\' } }, 'escape'],
    [csv, { from: { delimiter: 'auto' } }, 'delimiter'],
  ];
  for (const [source, options, named] of refusals) {
    await expect(splitConvert(source, join(folder, 'set'), { ...quick, ...options })).rejects.toMatchObject({
      code: 'BAD_OPTION',
      problem: expect.stringContaining(named),
    });
  }
  expect(readdirSync(folder).toSorted()).toEqual([
    'a.csv',
    'a.csv.gz',
    'a.jsonl',
    'nested.jsonl',
    'utf16.csv',
  ]);
});
