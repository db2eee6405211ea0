import { readdir, readlink } from 'node:fs/promises';

/** Only Linux lists them. */
export const canListOpenFiles = process.platform === 'linux';

/** Files of a folder that this process has open. */
export async function openFilesIn(folder: string): Promise<string[]> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(links)).filter((path) => path.startsWith(folder));
}
