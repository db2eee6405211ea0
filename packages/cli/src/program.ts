import { Command, Option } from 'commander';

import { bulkCommand } from './commands/bulk.ts';
import type { Cli } from './commands/cli.ts';
import { completionCommand } from './commands/completion.ts';
import { convertCommand } from './commands/convert.ts';
import { formatsCommand } from './commands/formats.ts';
import { headCommand } from './commands/head.ts';
import { helpCommand } from './commands/help.ts';
import { inspectCommand } from './commands/inspect.ts';
import { sweepCommand } from './commands/sweep.ts';
import { usageFailure, usageText } from './failure/usage-failure.ts';
import { json } from './output/print.ts';
import { flagsIn } from './output/voice.ts';

const examples = `
Examples:
  x convert orders.csv orders.jsonl.zst      one file into another
  x bulk 'in/*.csv' --out out --to jsonl.gz  many files
  x split huge.csv out --to parquet          one huge file into parts, by many workers
  x inspect orders.csv.gz                    what a file is and holds
  x head orders.jsonl.zst                    its first rows
  x help convert                             all of a command's options

An output is complete, or it is not there: until it is, the old file stays as it is.`;

type MakeCommand = (cli: Cli, root: Command) => Command;

/** By name, in the order of the help. What most people never call is loaded when it is called. */
const commands: Readonly<Record<string, () => MakeCommand | Promise<MakeCommand>>> = {
  convert: () => convertCommand,
  bulk: () => bulkCommand,
  split: async () => (await import('./commands/split.ts')).splitCommand,
  inspect: () => inspectCommand,
  head: () => headCommand,
  sweep: () => sweepCommand,
  formats: () => formatsCommand,
  run: async () => (await import('./commands/run.ts')).runCommand,
  worker: async () => (await import('./commands/worker.ts')).workerCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  completion: () => completionCommand,
  help: () => helpCommand,
};

/** `what it is for: one | another (default: one)`. */
function optionDescription(option: Option): string {
  const { description, argChoices, defaultValue, defaultValueDescription } = option;
  const choices = argChoices === undefined ? '' : `: ${argChoices.join(' | ')}`;
  const ifNotGiven = defaultValueDescription ?? (typeof defaultValue === 'string' ? defaultValue : undefined);
  return `${description}${choices}${ifNotGiven === undefined ? '' : ` (default: ${ifNotGiven})`}`;
}

/** They speak of all commands. */
const aboutAll = new Set(['completion', 'help']);

/** Of all commands, those that these words need: the one they call where that is enough, which saves time. */
function neededBy(words: readonly string[]): readonly string[] {
  const called = words.find((word) => !word.startsWith('-'));
  const isEnough = called !== undefined && Object.hasOwn(commands, called) && !aboutAll.has(called);
  return isEnough ? [called] : Object.keys(commands);
}

/** The command line, as much of it as the words need. */
export async function program(cli: Cli): Promise<Command> {
  const { stdout, stderr } = cli.terminal;
  const root = new Command('x')
    .description('Turn data files into other data files: complete, or not there.')
    .usage('<command> [options]')
    .helpCommand(false)
    .version(cli.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples)
    .configureHelp({ optionDescription })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
    });
  for (const name of neededBy(cli.words)) {
    const make = await commands[name]!();
    const command = make(cli, root);
    const helpOption = new Option('-h, --help', 'show this help').helpGroup('Messages:');
    root.addCommand(command.copyInheritedSettings(root).addHelpOption(helpOption));
  }
  for (const command of [root, ...root.commands]) {
    command.configureOutput({
      // The words as they were typed: a usage error comes before the options have been understood.
      outputError: (text, write) => {
        const failure = usageFailure(text, command);
        write(flagsIn(cli.words).json ? json({ error: failure }) : usageText(failure));
      },
    });
  }
  return root;
}
