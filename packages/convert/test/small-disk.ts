import { execFileSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/**
 * Puts a file system of that size into a folder; skips the test where that is not allowed.
 *
 * @returns Takes it away.
 */
export function shrinkDisk(context: TestContext, folder: string, kilobytes: number): () => void {
  if (process.platform !== 'linux') context.skip('mounts as Linux does');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    context.skip(`needs the right to mount: ${String(error)}`);
  }
  // Lazily, so that a file that a failed test left open does not keep the mount.
  return () => void execFileSync('umount', ['--lazy', folder]);
}
