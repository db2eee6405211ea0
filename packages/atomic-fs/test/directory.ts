import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { onTestFinished } from 'vitest';

/** An empty directory of its own for a test, without symbolic links on its path. */
export function makeDirectory(): string {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'atomic-fs-')));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  return directory;
}
