import { execFileSync } from 'node:child_process';
import fs from 'node:fs';

import { type TestContext, onTestFinished } from 'vitest';

/** Runs a program of the operating system, which says nothing unless it fails. */
function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'pipe' });
}

/** Mounts for the length of a test; skips the test where that is not allowed. */
export function mount(context: TestContext, args: readonly string[], at: string): void {
  if (process.platform !== 'linux') context.skip('mounts as Linux does');
  try {
    run('mount', ...args, at);
  } catch (error) {
    context.skip(`needs the right to mount: ${String(error)}`);
  }
  // Lazily, so that a file a failed test left open does not keep the mount.
  onTestFinished(() => run('umount', '--lazy', at));
}

export function mountReadOnly(context: TestContext, directory: string): void {
  mount(context, ['--bind', directory], directory);
  run('mount', '-o', 'remount,ro,bind', directory);
}

export function makePipe(context: TestContext, at: string): void {
  if (process.platform === 'win32') context.skip('Windows has no FIFOs');
  run('mkfifo', at);
}

/**
 * Changes a file so that its times tell: where the clock of the file system ticks every few milliseconds, as before
 * Linux 6.13, it takes another try to be later than what was there.
 */
export function changeLater(file: string, change: () => void): void {
  const time = (): bigint => fs.lstatSync(file, { bigint: true }).ctimeNs;
  const before = time();
  do change();
  while (time() === before);
}
