import { createReadStream, fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';

import type { Terminal } from '../terminal.ts';

/** Bytes a read of a redirected file. */
const chunkSize = 512 * 1024;

export interface StandardInput {
  readonly bytes: Readable;
  /** Length in bytes where the input is a redirected file. */
  readonly size: number | undefined;
}

/**
 * What `-` is as a source. An interrupt ends it, since otherwise a run would wait for its next
 * bytes for as long as the terminal or the other end of the pipe is silent.
 */
export function standardInput(terminal: Terminal, signal: AbortSignal): StandardInput {
  const stats = fstatSync(0);
  // From where the shell, or a program before this one, has read to.
  const bytes = stats.isFile()
    ? createReadStream('', { fd: 0, autoClose: false, highWaterMark: chunkSize })
    : terminal.stdin;
  if (signal.aborted) bytes.destroy();
  else signal.addEventListener('abort', () => bytes.destroy(signal.reason as Error), { once: true });
  return { bytes, size: stats.isFile() ? stats.size : undefined };
}
