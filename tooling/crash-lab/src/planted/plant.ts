import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { makeDirectory, removeDirectory } from '../sandbox.ts';
import { copyVariable } from '../writers/subjects.mjs';

/** One change of a source file of a package. */
export interface Edit {
  /** Relative to its `src`. */
  readonly file: string;
  /** Must be there exactly once: a bug that is not planted cannot be found. */
  readonly find: string;
  readonly replace: string;
}

/**
 * Runs `use` with a copy of `@x/atomic-fs` that has the edits.
 *
 * @param use gets the environment variables that make a writer of the lab use the copy
 * @throws when the text to change is not there, or there twice
 */
export function withPlanted<T>(
  edits: readonly Edit[],
  use: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  return withCopy('@x/atomic-fs', edits, (index) =>
    use({ [copyVariable]: pathToFileURL(index).href, ...compiledBeside(index) }),
  );
}

/** What is compiled from a copy goes with it. */
export const compiledBeside = (index: string): Record<string, string> => ({
  NODE_COMPILE_CACHE: join(dirname(index), 'compiled'),
});

const manifests = {
  '@x/atomic-fs': () => import.meta.resolve('@x/atomic-fs/package.json'),
  '@x/convert': () => import.meta.resolve('@x/convert/package.json'),
};

/**
 * Runs `use` with a copy of the source of a package that has the edits.
 *
 * @param use gets the path of its `index.ts`
 * @throws when the text to change is not there, or there twice
 */
export async function withCopy<T>(
  name: keyof typeof manifests,
  edits: readonly Edit[],
  use: (index: string) => Promise<T>,
): Promise<T> {
  const directory = await makeDirectory();
  try {
    const home = dirname(fileURLToPath(manifests[name]()));
    await cp(join(home, 'src'), directory, { recursive: true });
    // The copy has no manifest around it that says so.
    await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
    await symlink(join(home, 'node_modules'), join(directory, 'node_modules'));
    for (const edit of edits) {
      // oxlint-disable-next-line no-await-in-loop -- several may change one file
      await change(join(directory, edit.file), edit);
    }
    return await use(join(directory, 'index.ts'));
  } finally {
    await removeDirectory(directory);
  }
}

async function change(path: string, { file, find, replace }: Edit): Promise<void> {
  const text = await readFile(path, 'utf8');
  const places = text.split(find).length - 1;
  if (places !== 1) {
    throw new Error(`A bug cannot be planted: ${file} has ${places} times, not once, the text\n${find}`);
  }
  // A function, because a replacement text has patterns of its own.
  await writeFile(
    path,
    text.replace(find, () => replace),
  );
}
