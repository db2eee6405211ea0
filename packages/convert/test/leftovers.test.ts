import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';

import { convert, pipeline } from '@x/convert';

import { canListOpenFiles, openFilesIn } from './open-files.ts';
import { test } from './scratch.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const hasSqlite = major > 22 || (major === 22 && minor >= 16);

test.skipIf(!canListOpenFiles || !hasSqlite)(
  'a database that is given up leaves its temporary file neither open nor there [skipped: needs Linux and SQLite]',
  async ({ folder }) => {
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const target = join(folder, 'b.sqlite');
    const rows = Array.from({ length: 3000 }, (_none, i) => ({ i }));
    const fails = (row: Record<string, unknown>) => {
      if (row['i'] === 2500) throw new Error('no');
      return row;
    };
    const failing = pipeline(rows, target, fails, { atomic: true });
    await expect(failing).rejects.toMatchObject({ code: 'PROCESS_FAILED' });
    const tooWide = Object.fromEntries(Array.from({ length: 2001 }, (_none, i) => [`c${i}`, i]));
    const refused = convert([tooWide], target, { atomic: true });
    await expect(refused).rejects.toMatchObject({ code: 'UNREPRESENTABLE' });
    expect(await openFilesIn(folder)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  },
);
