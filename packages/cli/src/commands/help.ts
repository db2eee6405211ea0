import { Argument, Command } from 'commander';

import type { Cli } from './cli.ts';

/** @param root The command line that is to be explained. */
export function helpCommand(_cli: Cli, root: Command): Command {
  return new Command('help')
    .description('show the help of a command')
    .addArgument(new Argument('[command]', 'the command to explain'))
    .action(async (name?: string) => {
      const asked = name === undefined ? root : root.commands.find((one) => one.name() === name);
      asked?.help();
      // Called by a name that there is not, the parser says so, and which one was probably meant.
      await root.parseAsync([name!], { from: 'user' });
    });
}
