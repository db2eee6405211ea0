import { mkdir } from 'node:fs/promises';

import { ConvertError } from '../errors.ts';

/**
 * Makes a folder, and those above it, where they are not there.
 *
 * @throws {ConvertError} The code of Node.js, which for a read-only disk is `ENOENT`.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'UNKNOWN';
    const hint =
      'see whether a part of the path is a file, a link that leads nowhere, or on a disk that is read-only';
    throw new ConvertError(code, `the folder cannot be made (${code})`, { path, hint }, { cause });
  }
}
