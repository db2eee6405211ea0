import type { Engine, FleetResult, FleetRun, Metrics } from '@x/fleet';

import type { Cli } from '../commands/cli.ts';
import { BadUsage } from '../failure/bad-usage.ts';
import { Interruption } from '../interrupt.ts';
import { json, print } from '../output/print.ts';
import { duration } from '../output/quantity.ts';
import { type Voice, voiceOf } from '../output/voice.ts';
import { bytes, wholeNumber } from '../usage/words.ts';
import { engineOf, serverOf, workOptions } from './engine-of.ts';
import type { WorkerFlags } from './flags.ts';
import { follow, nameOf, nounOf, sumsOf } from './follow.ts';
import { loadBullmq, loadFleet } from './load.ts';

/** Works until there is no more to do, or until it is told to leave. */
export async function runWorker(cli: Cli, flags: WorkerFlags): Promise<void> {
  const voice = voiceOf(flags, cli.terminal);
  const fleet = await loadFleet();
  const metrics = new fleet.Metrics();
  const server =
    flags.metrics === undefined
      ? undefined
      : await fleet.serveMetrics(metrics, wholeNumber(flags.metrics, '--metrics', 0));
  if (server) voice.say(`figures at http://127.0.0.1:${server.port}/metrics`);
  try {
    await work(cli, voice, flags, metrics);
  } finally {
    await server?.close();
  }
  if (!cli.signal.aborted) return;
  if (cli.signal.reason instanceof Interruption) {
    cli.signal.reason.hint = 'what it had in hand is published, the rest is left to others';
  }
  throw cli.signal.reason;
}

async function work(cli: Cli, voice: Voice, flags: WorkerFlags, metrics: Metrics): Promise<void> {
  const { memoryLimit } = flags;
  const options = {
    ...workOptions(flags),
    ...(memoryLimit !== undefined && { memoryLimit: bytes(memoryLimit, '--memory-limit') }),
    metrics,
    // The first signal asks it to leave; the second one ends the process.
    drain: cli.signal,
  };
  if (flags.run !== undefined) {
    const engine = flags.engine === undefined ? await shardOf(flags) : await engineOf(flags, voice);
    const { joinRun } = await loadFleet();
    const run = await joinRun(flags.run, { ...options, engine, enqueue: !engine.isShared });
    await report(cli, voice, run, await follow(voice, run));
    return;
  }
  const { serveRuns } = await loadBullmq();
  const reports: Promise<void>[] = [];
  await serveRuns(await serverOf(flags, voice), {
    ...options,
    onRun: (run) => voice.say(`${nameOf(run)}: run ${run.folder.number}`),
    onResult: (run, result) => {
      const told = report(cli, voice, run, result);
      // Where nobody can be told any more is said at the end; the work is not over for that.
      told.catch(() => undefined);
      reports.push(told);
    },
    onWarning: (warning) => voice.warn(warning),
  });
  await Promise.all(reports);
}

async function report(cli: Cli, voice: Voice, run: FleetRun, result: FleetResult): Promise<void> {
  const { folder } = run;
  if (voice.json) return print(cli.terminal.stdout, json({ run: folder, ...result }));
  const end = result.isComplete ? '' : ', not complete yet';
  voice.say(`${nameOf(run)}: ${sumsOf(result, voice, nounOf(run))} in ${duration(result.elapsedMs)}${end}`);
}

async function shardOf({ shard, shards }: WorkerFlags): Promise<Engine> {
  const fleet = await loadFleet();
  if (shard === undefined) {
    return fleet.shardOf(process.env, shards === undefined ? undefined : wholeNumber(shards, '--shards', 1));
  }
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(shard) ?? [];
  if (index === undefined) throw new BadUsage(`--shard ${shard}: that is no shard`, 'as in --shard 0/4');
  return fleet.shard(Number(index), Number(of));
}
