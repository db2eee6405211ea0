import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test as base } from 'vitest';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/**
 * `test` with a folder of its own that is gone afterwards, and with a way to put files there,
 * which gives their paths.
 */
export const test = base.extend<{ folder: string; put: (files: Files) => Promise<string[]> }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'convert-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  put: async ({ folder }, use) => {
    await use(async (files) => {
      const paths: string[] = [];
      for (const [name, content] of Object.entries(files)) {
        const path = join(folder, name);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, content);
        paths.push(path);
      }
      return paths;
    });
  },
});

/** A table in CSV with so many rows. */
export const table = (rows: number, name = 'a'): string =>
  `id,name\n${Array.from({ length: rows }, (_, i) => `${i},${name}\n`).join('')}`;
