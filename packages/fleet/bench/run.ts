/**
 * Files a second for files of 10 kB, CSV to JSON Lines, side by side in one run:
 * `pnpm --filter @x/fleet bench [WORKERS…]`, after `pnpm build`. `--files N`, `--rounds N`, `--folder DIR`.
 *
 * Contestants take turns, from another start each round; figures are medians. Where Redis is used, its CPU
 * time counts too.
 */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { type Contestant, type Cost, median, run } from './contest.ts';
import { howToInstall, isRedisInstalled, RedisServer } from '../chaos/server.ts';

const fileBytes = 10_000;
/** Milliseconds of CPU time a file that the fleet may take more than `bulkConvert` of `@x/convert`. */
const goal = 3;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    files: { type: 'string', default: '1200' },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string', default: tmpdir() },
  },
});
const files = Number(values.files);
const rounds = Number(values.rounds);

function csvOf(bytes: number): string {
  const lines = ['id,customer,note,amount'];
  for (let row = 0, length = 0; length < bytes; row += 1) {
    const line = `${row},Zoë Müller ${row % 977},"a ""note"", quoted",${row % 1000}.${row % 89}`;
    lines.push(line);
    length += Buffer.byteLength(line) + 1;
  }
  return `${lines.join('\n')}\n`;
}

const names = {
  convert: '`bulkConvert` of `@x/convert`, `atomic`',
  plain: '`bulkConvert` of `@x/convert`, not `atomic`',
  local: 'fleet, `local()`',
  shard: 'fleet, `shard(i, n)`',
  bullmq: 'fleet, `bullmq()`',
  peer: 'BullMQ worker that converts and renames',
} as const;
type Name = keyof typeof names;

const many = (count: number, of: (index: number) => readonly string[]) =>
  Array.from({ length: count }, (_, i) => of(i));

function contestants(
  workers: number,
  source: string,
  out: string,
  url: string | undefined,
): Map<Name, Contestant> {
  const part = (name: string, ...settings: readonly (string | number)[]) =>
    [name, source, out, ...settings.map(String)] as const;
  const all: [Name, Contestant][] = [
    ['convert', [[part('convert', workers, 'atomic')]]],
    ['plain', [[part('convert', workers)]]],
    ['local', [[part('local', workers)]]],
    ['shard', [[part('plan')], many(workers, (index) => part('shard', index, workers))]],
  ];
  if (url !== undefined) {
    all.push(
      ['bullmq', [[part('plan', url)], many(workers, () => part('bullmq', url))]],
      ['peer', [[part('peerPlan', url)], many(workers, () => part('peerWork', url))]],
    );
  }
  return new Map(all);
}

const folder = await mkdtemp(join(values.folder, 'bench-fleet-'));
const redis = isRedisInstalled() ? await RedisServer.start(folder) : undefined;
if (redis === undefined) console.log(`no ${howToInstall}: without BullMQ`);
const cpuOfRedis = (): number =>
  redis === undefined ? 0 : 1000 * (redis.info('used_cpu_user') + redis.info('used_cpu_sys'));

async function turn(contestant: Contestant, out: string): Promise<Cost> {
  await mkdir(out);
  const before = cpuOfRedis();
  const { wall, cpu } = await run(contestant);
  const cost = { wall, cpu: cpu + cpuOfRedis() - before };
  const made = (await readdir(out)).filter((name) => name.endsWith('.jsonl')).length;
  if (made !== files) throw new Error(`${made} outputs of ${files} files`);
  await rm(out, { recursive: true });
  return cost;
}

async function measure(workers: number, source: string): Promise<Map<Name, Cost>> {
  const out = join(folder, 'out');
  const all = [...contestants(workers, source, out, redis?.url)];
  const costs = new Map(all.map(([name]) => [name, [] as Cost[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const i of all.keys()) {
      const [name, contestant] = all[(i + round) % all.length]!;
      costs.get(name)!.push(await turn(contestant, out));
    }
  }
  return new Map(
    [...costs].map(([name, some]) => [
      name,
      { wall: median(some.map(({ wall }) => wall)), cpu: median(some.map(({ cpu }) => cpu)) },
    ]),
  );
}

function print(workers: number, costs: ReadonlyMap<Name, Cost>): void {
  const base = costs.get('convert')!;
  const rows = [...costs].map(([name, { wall, cpu }]) => {
    const more = (cpu - base.cpu) / files;
    const isOurs = name !== 'convert' && name !== 'plain' && name !== 'peer';
    const verdict = isOurs ? (more <= goal ? ' met' : ' missed') : '';
    const [perSecond, ratio] = [(1000 * files) / wall, wall / base.wall];
    return `| ${workers} | ${names[name]} | ${perSecond.toFixed(0)} | ${ratio.toFixed(2)} | ${(cpu / files).toFixed(2)} ms | ${more.toFixed(2)} ms${verdict} |`;
  });
  console.log(rows.join('\n'));
}

try {
  const source = join(folder, 'in');
  await mkdir(source);
  const file = csvOf(fileBytes);
  for (let i = 0; i < files; i += 1) await writeFile(join(source, `${i}.csv`), file);
  console.log(
    `${files} files of ${fileBytes / 1000} kB, CSV to JSON Lines, medians of ${rounds}, ${availableParallelism()} processors; goal: at most ${goal} ms of CPU time a file more than bulkConvert`,
  );
  console.log('| workers | who | files/s | time, ratio | CPU a file | more than `bulkConvert` |');
  console.log('| --- | --- | --- | --- | --- | --- |');
  for (const workers of positionals.length > 0 ? positionals.map(Number) : [1, 2, 4]) {
    print(workers, await measure(workers, source));
  }
} finally {
  await redis?.kill();
  await rm(folder, { recursive: true });
}
