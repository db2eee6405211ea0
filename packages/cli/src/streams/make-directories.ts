import { mkdir, rmdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Directories that were made for an output. */
export interface MadeDirectories {
  /** Takes them away again as far as they are empty, for an output that did not come about. */
  remove(): Promise<void>;
}

/** Makes the directories that a file needs, where they are missing. */
export async function makeDirectories(file: string): Promise<MadeDirectories> {
  const directory = resolve(dirname(file));
  const first = await mkdir(directory, { recursive: true });
  return {
    remove: async () => {
      if (first === undefined) return;
      try {
        for (let one = directory; one.startsWith(first); one = dirname(one)) await rmdir(one);
      } catch {
        // Somebody else has put something in it meanwhile: then it is theirs.
      }
    },
  };
}
