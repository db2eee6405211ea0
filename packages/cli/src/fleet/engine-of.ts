import type { Engine } from '@x/fleet';
import type { BullmqEngine } from '@x/fleet/bullmq';
import { type Command, Option } from 'commander';

import { BadUsage } from '../failure/bad-usage.ts';
import type { Voice } from '../output/voice.ts';
import { wholeNumber } from '../usage/words.ts';
import { loadBullmq, loadFleet } from './load.ts';

export interface EngineFlags {
  readonly engine?: string;
  readonly allowVolatile?: boolean;
  readonly leaseTime?: string;
}

export interface WorkFlags {
  readonly concurrency?: string;
  readonly attempts?: string;
}

const isServer = (engine: string): boolean => /^rediss?:\/\//.test(engine);

/** Who hands out the work. A URL with a password in it is better kept in `REDIS_URL`: `--engine redis`. */
export function addEngineOptions(command: Command): Command {
  return command
    .option(
      '--engine <url>',
      'who hands out the work: redis://host:6379, rediss:// with TLS, redis for $REDIS_URL, or local',
    )
    .option('--allow-volatile', 'take a server that would lose its queue')
    .addOption(
      new Option('--lease-time <seconds>', 'silence after which a worker is taken for dead').default(
        undefined,
        '30',
      ),
    );
}

export function addAttemptsOption(command: Command): Command {
  return command.option('--attempts <count>', 'tries before a file is set aside with its error (default: 3)');
}

/** For a command that begins a run. @param folder What it calls the folder that it writes to. */
export function addRunOptions(command: Command, folder: string): Command {
  addEngineOptions(command.optionsGroup('Many workers:'));
  return addAttemptsOption(command)
    .option('--detach', 'begin the run and leave the work to x worker')
    .option('--takeover', `take ${folder} from a run that has not ended`);
}

export async function serverOf(flags: EngineFlags, voice: Voice): Promise<BullmqEngine> {
  const { engine, allowVolatile = false, leaseTime } = flags;
  if (engine !== 'redis' && !isServer(engine ?? '')) {
    // Not the value itself, which may hold a password all the same.
    throw new BadUsage(
      '--engine names no server',
      'as in --engine redis://host:6379, or redis for $REDIS_URL',
    );
  }
  const { bullmq } = await loadBullmq();
  // Each connection says the same.
  const told = new Set<string>();
  return bullmq({
    ...(engine !== 'redis' && { url: engine }),
    allowVolatile,
    ...(leaseTime !== undefined && { leaseTime: wholeNumber(leaseTime, '--lease-time', 1) * 1000 }),
    onWarning: (warning) => {
      if (!told.has(warning)) voice.warn(warning);
      told.add(warning);
    },
  });
}

/** The engine of a run: a server, or the workers of this process. */
export async function engineOf(flags: EngineFlags, voice: Voice): Promise<Engine> {
  if (flags.engine === undefined || flags.engine === 'local') return (await loadFleet()).local();
  const server = await serverOf(flags, voice);
  // Before a run is written down that nobody could hand out.
  (await server.openNoticeboard()).close();
  return server;
}

export const workOptions = ({ concurrency, attempts }: WorkFlags) => ({
  ...(concurrency !== undefined && { concurrency: wholeNumber(concurrency, '--concurrency', 1) }),
  ...(attempts !== undefined && { attempts: wholeNumber(attempts, '--attempts', 1) }),
});
