/**
 * Ratios, measured side by side in one run: `pnpm --filter @x/convert bench [LINE…]`, after `pnpm build`.
 * Contestants take turns; figures are medians, those of ratios of the ratio in each round. Programs are timed whole,
 * from their start to their end.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import { createGzip } from 'node:zlib';

import { bulkConvert, convert } from '@x/convert';

const rounds = 11;
const MB = 1e6;
const here = import.meta.dirname;
const x = join(here, '../../cli/dist/main.js');

type Contestants = Readonly<Record<string, () => Promise<void> | void>>;

interface Line {
  readonly title: string;
  /** The first one's time by that of each other is what counts. */
  readonly prepare: (folder: string) => Promise<Contestants>;
  readonly goals: string;
}

function csvOf(bytes: number): string {
  const lines = ['id,customer,note,amount'];
  for (let row = 0, length = 0; length < bytes; row += 1) {
    const line = `${row},Zoë Müller ${row % 977},"a ""note"", quoted",${row % 1000}.${row % 89}`;
    lines.push(line);
    length += Buffer.byteLength(line) + 1;
  }
  return `${lines.join('\n')}\n`;
}

async function large(folder: string): Promise<string> {
  const path = join(folder, 'large.csv');
  // On the disk, or it would be written there while something is measured.
  if (!existsSync(path)) await writeFile(path, csvOf(100 * MB), { flush: true });
  return path;
}

/** A folder of 200 files of 1 MB. */
async function manyFiles(folder: string): Promise<string> {
  const source = join(folder, 'in');
  if (existsSync(source)) return source;
  await mkdir(source);
  const file = csvOf(MB);
  for (let i = 0; i < 200; i += 1) await writeFile(join(source, `${i}.csv`), file, { flush: true });
  return source;
}

/** Installed by themselves, so that nobody else has to install them. */
function peer(name: string): (input: string, output: string) => void {
  const peers = join(here, 'peers');
  if (!existsSync(join(peers, 'node_modules'))) {
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'], {
      cwd: peers,
      stdio: 'inherit',
    });
  }
  return program(join(peers, `${name}.mjs`));
}

const node = (...command: readonly string[]): void =>
  void execFileSync(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });

const program =
  (...command: readonly string[]) =>
  (input: string, output: string): void => {
    rmSync(output, { force: true });
    node(...command, input, output);
  };

const xConvert = program(x, 'convert', '--no-atomic', '--quiet');

const lines: Readonly<Record<string, Line>> = {
  alone: {
    title: 'x convert, 100 MB of CSV to JSON Lines, and the formats alone',
    goals: 'at most 1.1 times the time of the formats',
    prepare: async (folder) => {
      const [input, output] = [await large(folder), join(folder, 'out.jsonl')];
      const formats = program(join(here, 'formats-alone.mjs'));
      return { x: () => xConvert(input, output), formats: () => formats(input, output) };
    },
  },
  atomic: {
    title: 'atomic, 100 MB, and not atomic with one fsync at the end',
    goals: 'at most 1.05 times the time',
    prepare: async (folder) => {
      const input = await large(folder);
      const [plain, safe] = [join(folder, 'plain.jsonl'), join(folder, 'atomic.jsonl')];
      return {
        atomic: async () => void (await convert(input, safe, { atomic: true })),
        fsync: async () => {
          await convert(input, plain);
          const handle = await open(plain, 'r+');
          await handle.sync();
          await handle.close();
        },
      };
    },
  },
  bulk: {
    title: `bulk, 200 files of 1 MB, two threads and one after the other (${availableParallelism()} processors)`,
    goals: 'at most 0.59 times the time, 1.7 times as fast',
    prepare: async (folder) => {
      const source = await manyFiles(folder);
      const bulk = (concurrency: number) => async (): Promise<void> => {
        const options = { to: 'jsonl', atomic: true, concurrency } as const;
        const { failed } = await bulkConvert(source, join(folder, `out-${concurrency}`), options);
        if (failed > 0) throw new Error(`${failed} files failed`);
      };
      return { threads: bulk(2), sequential: bulk(1) };
    },
  },
  once: {
    title: 'x bulk of the same files, start of the program and of its threads included, two threads and one',
    goals: 'none',
    prepare: async (folder) => {
      const source = await manyFiles(folder);
      const bulk = (concurrency: number) => () => {
        const how = ['--to', 'jsonl', '--concurrency', `${concurrency}`, '--quiet'];
        node(x, 'bulk', source, '--out', join(folder, `once-${concurrency}`), ...how);
      };
      return { threads: bulk(2), sequential: bulk(1) };
    },
  },
  gz: {
    title: '100 MB of CSV to JSON Lines in gzip',
    goals: 'half of the time of DuckDB, less than ClickHouse',
    prepare: async (folder) => {
      const input = await large(folder);
      const out = (name: string): string => join(folder, `${name}.jsonl.gz`);
      const [duckdb, chdb] = [peer('duckdb'), peer('chdb')];
      return {
        x: () => xConvert(input, out('x')),
        duckdb: () => duckdb(input, out('duckdb')),
        clickhouse: () => chdb(input, out('chdb')),
      };
    },
  },
  zst: {
    title: '100 MB of CSV in gzip to JSON Lines in zstd',
    goals: 'half of the time of DuckDB, less than ClickHouse',
    prepare: async (folder) => {
      const input = join(folder, 'large.csv.gz');
      await pipeline(createReadStream(await large(folder)), createGzip(), createWriteStream(input));
      const out = (name: string): string => join(folder, `${name}.jsonl.zst`);
      const [duckdb, chdb] = [peer('duckdb'), peer('chdb')];
      return {
        x: () => xConvert(input, out('x')),
        duckdb: () => duckdb(input, out('duckdb')),
        clickhouse: () => chdb(input, out('chdb')),
      };
    },
  },
};

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!;

/** All of them in turns, so that what else the machine does strikes all; once before, for the caches. */
async function measure(contestants: Contestants): Promise<Map<string, number[]>> {
  const times = new Map(Object.keys(contestants).map((name): [string, number[]] => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      const start = performance.now();
      await run();
      if (round > 0) times.get(name)!.push(performance.now() - start);
    }
  }
  return times;
}

/** How many times as fast two threads compute as one, which two processors of a virtual machine may not double. */
async function speedOfTwo(): Promise<number> {
  const compute = 'let x = 0; for (let i = 0; i < 5e8; i += 1) x = (x * 31 + i) | 0;';
  const threads = (count: number): Promise<unknown> =>
    Promise.all(Array.from({ length: count }, () => once(new Worker(compute, { eval: true }), 'exit')));
  const { one, two } = Object.fromEntries(
    await measure({ one: async () => void (await threads(1)), two: async () => void (await threads(2)) }),
  );
  return (2 * median(one!)) / median(two!);
}

const wanted = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'bench-convert-'));
try {
  for (const [name, line] of Object.entries(lines)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const [ours, ...others] = [...(await measure(await line.prepare(folder)))];
    const [ownName, ownTimes] = ours!;
    console.log(`${line.title} (goal: ${line.goals})`);
    console.log(`  ${ownName}: ${median(ownTimes).toFixed(0)} ms`);
    for (const [other, times] of others) {
      const ratio = median(times.map((time, round) => ownTimes[round]! / time));
      console.log(`  ${other}: ${median(times).toFixed(0)} ms, ratio ${ratio.toFixed(2)}`);
    }
    if (name === 'bulk') {
      console.log(
        `  this machine computes ${(await speedOfTwo()).toFixed(2)} times as fast with two threads`,
      );
    }
  }
} finally {
  await rm(folder, { recursive: true });
}
