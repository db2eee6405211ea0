import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { compileKernel, kernels } from '../../scripts/kernel.ts';

test.for(kernels)('the committed $target is what $entry compiles to', { timeout: 60_000 }, async (kernel) => {
  const committed = await readFile(new URL(`../../${kernel.target}`, import.meta.url), 'utf8');
  expect((await compileKernel(kernel)) === committed, 'run pnpm --filter @x/formats kernel').toBe(true);
});
