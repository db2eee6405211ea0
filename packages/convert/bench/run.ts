/**
 * Ratios, measured side by side in one run: `pnpm --filter @x/convert bench [LINE…]`, after `pnpm build`.
 * Contestants take turns; figures are medians. Programs are timed whole, from their start to their end.
 */
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { bulkConvert, convert } from '@x/convert';

const rounds = 5;
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
  if (!existsSync(path)) await writeFile(path, csvOf(100 * MB));
  return path;
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

const program =
  (...command: readonly string[]) =>
  (input: string, output: string): void => {
    rmSync(output, { force: true });
    execFileSync(process.execPath, [...command, input, output], { stdio: ['ignore', 'ignore', 'inherit'] });
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
      const source = join(folder, 'in');
      await mkdir(source);
      const file = csvOf(MB);
      for (let i = 0; i < 200; i += 1) await writeFile(join(source, `${i}.csv`), file);
      const bulk = (concurrency: number) => async (): Promise<void> => {
        const options = { to: 'jsonl', atomic: true, concurrency } as const;
        const { failed } = await bulkConvert(source, join(folder, `out-${concurrency}`), options);
        if (failed > 0) throw new Error(`${failed} files failed`);
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
async function measure(contestants: Contestants): Promise<Map<string, number>> {
  const times = new Map<string, number[]>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      const start = performance.now();
      await run();
      const time = performance.now() - start;
      if (round > 0) times.set(name, [...(times.get(name) ?? []), time]);
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]));
}

const wanted = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'bench-convert-'));
try {
  for (const [name, line] of Object.entries(lines)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const [ours, ...others] = [...(await measure(await line.prepare(folder)))];
    console.log(`${line.title} (goal: ${line.goals})`);
    console.log(`  ${ours![0]}: ${ours![1].toFixed(0)} ms`);
    for (const [other, time] of others) {
      console.log(`  ${other}: ${time.toFixed(0)} ms, ratio ${(ours![1] / time).toFixed(2)}`);
    }
  }
} finally {
  await rm(folder, { recursive: true });
}
