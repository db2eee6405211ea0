/**
 * run.ts [LINE…] [--rounds N] [--peers NAME,…] [--directory PATH]: @x/format-parquet and others that do the same,
 * from file to file, each in a process of its own, in turn. Figures are medians; the time is that of the whole
 * process. A ratio is our wall time by that of the peer. The Parquet that is read is DuckDB's.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { availableParallelism, cpus, release, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { csv, jsonl } from '@x/formats';
import { parquet } from '@x/format-parquet';

import { type DataName, writeData } from '../../formats/bench/data.ts';
import { installPeers, measure, median, type Usage } from '../../formats/bench/measure.ts';
import { type FormatName, type Line, lines } from './lines.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    peers: { type: 'string' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const unknown = positionals.find((name) => !lines.some((line) => line.name === name));
if (unknown !== undefined) {
  throw new Error(`no line is called ${unknown}; there are ${lines.map(({ name }) => name).join(', ')}`);
}
const directory = mkdtempSync(join(options.directory, 'parquet-bench-'));

/** What a contestant uses for a task; some of them hold the whole file in memory. */
function usageOf(contestant: string, task: string, input: string, output: string): Usage {
  const nodeArgs = ['--max-old-space-size=8192'];
  return measure({ folder: import.meta.dirname, contestant, task, input, output, nodeArgs }).usage;
}

/** The file of that data and size, as text or as Parquet, made when it is asked for. */
const files = new Map<string, string>();
function dataFile(name: DataName, size: number, format: FormatName): string {
  const key = `${size / 1e6}-${name}${format === 'parquet' ? '.parquet' : ''}`;
  const path = files.get(key) ?? join(directory, key);
  if (files.has(key)) return path;
  if (format === 'parquet') usageOf('duckdb', 'csv-parquet', dataFile(name, size, 'csv'), path);
  else writeData(name, path, size);
  files.set(key, path);
  return path;
}

/** Reads a file that a contestant has written, to see that all of them have done the work. */
async function rowsIn(path: string, format: FormatName): Promise<number> {
  const file = await open(path);
  const { size } = await file.stat();
  const source = {
    size,
    readAt: async (position: number, length: number) =>
      (await file.read(Buffer.alloc(length), 0, length, position)).buffer,
    [Symbol.asyncIterator]: () => file.createReadStream({ autoClose: false })[Symbol.asyncIterator](),
  };
  let rows = 0;
  const readers = {
    csv: () => csv().createReader(source),
    jsonl: () => jsonl().createReader(source),
    parquet: () => parquet().createReader(source),
  } as const;
  for await (const { rowCount } of readers[format]()) rows += rowCount;
  await file.close();
  return rows;
}

async function runLine(line: Line): Promise<void> {
  const [from, to] = line.task.split('-') as [FormatName, FormatName];
  const input = dataFile(line.data, line.size, from);
  const wanted = options.peers?.split(',');
  const contestants = ['ours', ...Object.keys(line.peers).filter((name) => wanted?.includes(name) ?? true)];
  const rounds = Math.min(Number(options.rounds), line.rounds ?? Number.POSITIVE_INFINITY);
  const usages = new Map(contestants.map((name) => [name, new Array<Usage>()]));
  const found = new Map<string, { rows: number; size: number }>();
  // The first round warms up, and shows that all of them do the same work.
  for (let round = line.rounds === undefined ? -1 : 0; round < rounds; round++) {
    for (const index of contestants.keys()) {
      const contestant = contestants[(index + Math.max(round, 0)) % contestants.length]!;
      const output = join(directory, `${contestant}.${to}`);
      const usage = usageOf(contestant, line.task, input, output);
      if (round >= 0) usages.get(contestant)!.push(usage);
      if (!found.has(contestant)) {
        found.set(contestant, { rows: await rowsIn(output, to), size: statSync(output).size });
      }
      rmSync(output);
    }
  }
  const { rows } = found.get('ours')!;
  console.log(`\n${line.title} (${line.name}: ${line.size / 1e6} MB of text, ${rows} rows)`);
  for (const [name, own] of found) if (own.rows !== rows) console.log(`  ${name} gives ${own.rows} rows`);
  report(line, usages, (name) => found.get(name)!.size);
}

function report(
  line: Line,
  usages: ReadonlyMap<string, readonly Usage[]>,
  sizeOf: (name: string) => number,
): void {
  const of = (name: string, key: keyof Usage): number => median(usages.get(name)!.map((usage) => usage[key]));
  for (const name of usages.keys()) {
    const figures = [
      `${of(name, 'wall').toFixed(0).padStart(6)} ms`,
      `${of(name, 'cpu').toFixed(0).padStart(6)} ms CPU`,
      `${of(name, 'memory').toFixed(0).padStart(5)} MiB`,
      `${(sizeOf(name) / 1e6).toFixed(1).padStart(6)} MB written`,
    ];
    const ratio = of('ours', 'wall') / of(name, 'wall');
    const goal = line.peers[name];
    const goalText = goal && `× ${ratio.toFixed(2)}, goal ${goal.toFixed(2)}: ${verdict(ratio <= goal)}`;
    console.log(`  ${name.padEnd(13)} ${figures.join('  ')}  ${goalText ?? ''}`);
  }
  if (line.memoryGoal !== undefined) {
    const peak = Math.max(...usages.get('ours')!.map(({ memory }) => memory));
    console.log(
      `  ${peak.toFixed(0)} MiB at most, goal ${line.memoryGoal}: ${verdict(peak <= line.memoryGoal)}`,
    );
  }
}

function verdict(isMet: boolean): string {
  return isMet ? 'met' : 'NOT met';
}

installPeers(import.meta.dirname);
const manifest = readFileSync(join(import.meta.dirname, 'peers/package.json'), 'utf8');
const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
console.log(
  `Node.js ${process.version}, ${type()} ${release()}, ${availableParallelism()} × ${cpus()[0]?.model.trim()}`,
);
console.log(
  Object.entries(dependencies)
    .map(([name, version]) => `${name} ${version}`)
    .join(', '),
);
try {
  for (const line of lines) {
    if (positionals.length === 0 || positionals.includes(line.name)) await runLine(line);
  }
} finally {
  rmSync(directory, { recursive: true });
}
