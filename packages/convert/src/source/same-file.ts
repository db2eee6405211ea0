import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Whether two paths lead to one file, through links too, or would do so once it is there. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([identityOf(a), identityOf(b)]);
  return one !== undefined && one === other;
}

/** Undefined for what is no file and cannot become one: a device takes what comes from everywhere. */
async function identityOf(path: string): Promise<string | undefined> {
  const there = await stat(path, { bigint: true }).catch(() => undefined);
  if (there) return there.isFile() ? `${there.dev}:${there.ino}` : undefined;
  const folder = await realpath(dirname(path)).catch(() => undefined);
  return folder === undefined ? undefined : join(folder, basename(path));
}
