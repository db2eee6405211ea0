import { Argument, Command } from 'commander';

import { addAttemptsOption, addEngineOptions } from '../fleet/engine-of.ts';
import { runActions, type RunFlags } from '../fleet/flags.ts';
import { addVoiceOptions } from '../usage/options.ts';
import type { Cli } from './cli.ts';

const examples = `
Examples:
  x run status out                      how many files are converted, failed, open
  x run resume out                      go on, with the workers of this process
  x run resume out --retry-failed       and try again what was set aside
  x run resume out --engine redis       queue again what is open, and work on it
  x run verify out                      is every output still what was published
  x run cancel out                      its workers publish nothing more; what is published stays
  x run cancel out --engine redis       and the server forgets what it has queued of it
  x run gc out                          remove what cancelled and older runs have left

A run is named by the folder of its outputs, that of x split included, whose newest one it is, or by its own folder in it
(out/.xrun/run-…). The exit code is 1 where files have failed, or outputs are not what they were.`;

export function runCommand(cli: Cli): Command {
  const command = new Command('run')
    .description('look after a run that x bulk or x split began')
    .addArgument(new Argument('<what>', 'what to do').choices(runActions))
    .argument('<id>', 'the folder of the outputs, or of the run')
    .optionsGroup('Resume:')
    .option('--retry-failed', 'try again what was set aside')
    .option('--redo-changed', 'make outputs anew that were written to since they were published')
    .option('-j, --concurrency <count>', 'files at a time (default: by the processors)');
  addEngineOptions(command);
  addAttemptsOption(command);
  addVoiceOptions(command);
  return command
    .addHelpText('after', examples)
    .action(async (what: (typeof runActions)[number], id: string, flags: RunFlags) => {
      const { actions } = await import('../fleet/run-actions.ts');
      await actions[what](cli, id, flags);
    });
}
