import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';

/** `test` with a folder of its own that is gone afterwards. */
export const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'convert-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
});
