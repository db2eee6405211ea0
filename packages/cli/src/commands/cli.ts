import type { Terminal } from '../terminal.ts';

/** What every command is given. */
export interface Cli {
  /** The arguments as they were typed. */
  readonly words: readonly string[];
  /** Of the command itself. */
  readonly version: string;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}
