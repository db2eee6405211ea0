import { Command, Option } from 'commander';

import { bulkCommand } from './commands/bulk.ts';
import type { Cli } from './commands/cli.ts';
import { completionCommand } from './commands/completion.ts';
import { convertCommand } from './commands/convert.ts';
import { formatsCommand } from './commands/formats.ts';
import { headCommand } from './commands/head.ts';
import { inspectCommand } from './commands/inspect.ts';
import { sweepCommand } from './commands/sweep.ts';
import { usageFailure, usageText } from './failure/usage-failure.ts';
import { json } from './output/print.ts';
import { flagsIn } from './output/voice.ts';
import { version } from './version.ts';

const examples = `
Examples:
  x convert orders.csv orders.jsonl.zst      one file into another
  x bulk 'in/*.csv' --out out --to jsonl.gz  many files
  x inspect orders.csv.gz                    what a file is and holds
  x head orders.jsonl.zst                    its first rows
  x help convert                             all of a command's options

An output is complete, or it is not there: until it is, the old file stays as it is.`;

/** The whole command line. */
export function program(cli: Cli): Command {
  const { stdout, stderr } = cli.terminal;
  const root = new Command('x')
    .description('Turn data files into other data files: complete, or not there.')
    .usage('<command> [options]')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText('after', examples)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
    });
  const commands = [
    convertCommand(cli),
    bulkCommand(cli),
    inspectCommand(cli),
    headCommand(cli),
    sweepCommand(cli),
    formatsCommand(cli),
  ];
  for (const command of [...commands, completionCommand(cli, root)]) {
    const help = new Option('-h, --help', 'show this help').helpGroup('Messages:');
    root.addCommand(command.copyInheritedSettings(root).addHelpOption(help));
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
