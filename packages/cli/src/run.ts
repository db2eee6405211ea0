import { CommanderError } from 'commander';

import { countAsOption } from './commands/head.ts';
import { exitCodes } from './exit-codes.ts';
import { describeFailure, failureOf } from './failure/describe.ts';
import { PartlyFailed } from './failure/partly-failed.ts';
import { interruptible } from './interrupt.ts';
import { json } from './output/print.ts';
import { styleFor } from './output/style.ts';
import { flagsIn } from './output/voice.ts';
import { program } from './program.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs the command line and returns its exit code; nothing in here ends the process.
 *
 * @param words The arguments after the command's own name.
 * @param version The command's own.
 */
export async function run(words: readonly string[], terminal: Terminal, version: string): Promise<number> {
  const { stdout, stderr, env } = terminal;
  // Whoever writes is told by the write itself; without a listener the process would die of it.
  let stdoutError: Error | undefined;
  stdout.on('error', (error: Error) => {
    stdoutError = error;
  });
  stderr.on('error', () => {});
  const interrupt = interruptible(terminal);
  try {
    const understood = countAsOption(words);
    const root = await program({ words: understood, terminal, version, signal: interrupt.signal });
    await root.parseAsync(understood, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    // A failed write tells its caller first and its stream a tick later.
    await new Promise(setImmediate);
    // A reader that has had enough, as in `x head f | head -1`.
    if (codeOf(stdoutError) === 'EPIPE') return exitCodes.done;
    if (error instanceof PartlyFailed) return exitCodes.failed;
    const flags = flagsIn(words);
    const tell = (problem: unknown): void => {
      const style = styleFor(stderr, env, flags.color ?? true);
      const text = flags.json
        ? json({ error: failureOf(problem) })
        : describeFailure(problem, style, flags.debug ?? false);
      stderr.write(text);
    };
    if (interrupt.by !== undefined) {
      // Not what the interrupt leads to.
      if (codeOf(error) === 'MANIFEST_NOT_WRITTEN') tell(error);
      tell(interrupt.signal.reason);
      return exitCodes[interrupt.by];
    }
    // Told by the parser already, which knows the command it happened in.
    if (error instanceof CommanderError) return exitCodes.badUsage;
    tell(stdoutError === undefined ? error : Object.assign(stdoutError, { path: 'stdout' }));
    return isBadUsage(error) ? exitCodes.badUsage : exitCodes.failed;
  } finally {
    interrupt.release();
  }
}

/** What another command line would mend, as these could all be told before any data is looked at. */
const badUsageCodes = new Set<unknown>(['BAD_USAGE', 'BAD_OPTION', 'UNKNOWN_FORMAT', 'NOT_WRITABLE']);

function isBadUsage(error: unknown): boolean {
  return badUsageCodes.has(codeOf(error));
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
