import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

const probe = fileURLToPath(new URL('../scripts/zlib-faults/probe.mjs', import.meta.url));

test('in every case of the table in the README this package is right', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...childNodeArgs, probe]);
  const outcomes = JSON.parse(stdout) as { what: string; zlib: string; ours: string }[];
  expect(outcomes.length).toBeGreaterThan(5);
  for (const { what, ours } of outcomes) expect([what, ours]).toEqual([what, 'right']);
});
