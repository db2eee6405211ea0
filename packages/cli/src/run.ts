import { Command, CommanderError } from 'commander';

import { convertCommand } from './convert-command.ts';
import { exitCodes } from './exit-codes.ts';
import { describeFailure } from './failure.ts';
import { interruptible } from './interrupt.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

/**
 * Runs the command line and returns its exit code; nothing in here ends the process.
 *
 * @param words The arguments after the command's own name.
 */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const interrupt = interruptible(terminal);
  const program = new Command('x')
    .description('Turn data files into other data files: complete, or not there.')
    .version(version(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });
  program.addCommand(convertCommand(terminal, interrupt.signal).copyInheritedSettings(program));
  try {
    await program.parseAsync(words, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
    if (interrupt.by !== undefined) return exitCodes[interrupt.by];
    terminal.stderr.write(describeFailure(error));
    return exitCodes.failed;
  } finally {
    interrupt.release();
  }
}
