import { Command } from 'commander';

import { BadUsage } from '../failure/bad-usage.ts';
import { addAttemptsOption, addEngineOptions } from '../fleet/engine-of.ts';
import type { WorkerFlags } from '../fleet/flags.ts';
import { addVoiceOptions } from '../usage/options.ts';
import type { Cli } from './cli.ts';

const examples = `
Examples:
  x worker --engine redis://queue:6379                all runs that are queued there, until it is ended
  x worker --engine redis --run out                   this run, to its end; the server by $REDIS_URL
  x worker --run out --shard 0/4                      every fourth part of it, with no server
  sbatch --array=0-3 --wrap 'x worker --run out'      the shard by the task's number
  x worker --run out --shards 8                       in a Kubernetes Indexed Job of 8

On SIGTERM and Ctrl-C it publishes what it has in hand, leaves the rest to others and ends with 143
or 130; a second signal ends it at once. Whatever becomes of it, each input has one output.`;

export function workerCommand(cli: Cli): Command {
  const command = new Command('worker')
    .description('work on runs that x bulk or x split began')
    .optionsGroup('Work:')
    .option('--run <dir>', 'the run of this output folder alone')
    .option('--shard <i/n>', 'one part of it, counted from 0 (default: by the task of an array job)')
    .option('--shards <n>', 'how many parts, where the task of an array job knows only its number')
    .option('-j, --concurrency <count>', 'files at a time (default: by the processors)')
    .option('--memory-limit <size>', 'memory above which one file at a time is converted: 800MB, 2GB')
    .option('--metrics <port>', 'serve figures for Prometheus to this machine');
  addEngineOptions(command);
  addAttemptsOption(command);
  addVoiceOptions(command);
  return command.addHelpText('after', examples).action(async (flags: WorkerFlags) => {
    if (flags.engine === undefined && flags.run === undefined) {
      throw new BadUsage(
        'x worker needs --engine, --run, or both',
        'x worker --help shows how they go together',
      );
    }
    if (flags.engine !== undefined && (flags.shard !== undefined || flags.shards !== undefined)) {
      throw new BadUsage('--shard is for runs without an engine', 'leave one of the two out');
    }
    const { runWorker } = await import('../fleet/run-worker.ts');
    await runWorker(cli, flags);
  });
}
