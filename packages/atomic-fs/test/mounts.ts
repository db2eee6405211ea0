import { execFileSync } from 'node:child_process';

import { type TestContext, onTestFinished } from 'vitest';

/** Mounts for the length of a test; skips the test where that is not allowed. */
export function mount(context: TestContext, args: readonly string[], at: string): void {
  if (process.platform !== 'linux') context.skip('mounts as Linux does');
  try {
    execFileSync('mount', [...args, at], { stdio: 'pipe' });
  } catch (error) {
    context.skip(`needs the right to mount: ${String(error)}`);
  }
  // Lazily, so that a file a failed test left open does not keep the mount.
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', at]);
  });
}

export function mountReadOnly(context: TestContext, directory: string): void {
  mount(context, ['--bind', directory], directory);
  execFileSync('mount', ['-o', 'remount,ro,bind', directory]);
}
