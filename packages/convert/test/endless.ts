import { execFileSync, spawn } from 'node:child_process';

import { onTestFinished } from 'vitest';

/** Windows has no named pipes with a path. */
export const hasFifos = process.platform !== 'win32';

/**
 * Makes a named pipe of it that gives rows of two columns for as long as the test goes on: what reads it never comes
 * to an end, however slow the machine is that is to look at it meanwhile.
 */
export function makeEndless(path: string): void {
  execFileSync('mkfifo', [path]);
  // Opened for both directions, which waits for nobody, and of which nobody's end is the end.
  const feeder = spawn('sh', ['-c', 'exec yes 1,a 1<>"$0"', path], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void feeder.kill('SIGKILL'));
}
