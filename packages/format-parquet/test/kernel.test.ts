import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { compileKernel } from '../scripts/kernel.ts';

test('the committed kernel is what assembly/ compiles to', async () => {
  const committed = await readFile(new URL('../src/kernel/kernel.generated.ts', import.meta.url), 'utf8');
  expect((await compileKernel()) === committed, 'run pnpm --filter @x/format-parquet kernel').toBe(true);
});
