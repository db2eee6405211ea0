import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { makeDirectory, removeDirectory } from '../sandbox.ts';
import { copyVariable } from '../writers/subjects.mjs';

/** One change of a source file of `@x/atomic-fs`. */
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
export async function withPlanted<T>(
  edits: readonly Edit[],
  use: (environment: Record<string, string>) => Promise<T>,
): Promise<T> {
  const directory = await makeDirectory();
  try {
    const manifest = fileURLToPath(import.meta.resolve('@x/atomic-fs/package.json'));
    await cp(join(dirname(manifest), 'src'), directory, { recursive: true });
    // The copy has no manifest around it that says so.
    await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
    for (const edit of edits) {
      // oxlint-disable-next-line no-await-in-loop -- several may change one file
      await change(join(directory, edit.file), edit);
    }
    return await use({
      [copyVariable]: pathToFileURL(join(directory, 'index.ts')).href,
      // What is compiled from the copy goes with it.
      NODE_COMPILE_CACHE: join(directory, 'compiled'),
    });
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
