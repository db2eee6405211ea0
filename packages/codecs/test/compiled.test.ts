import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { compileKernel, kernelModules } from '../scripts/kernel.ts';

test.each(kernelModules)('the committed $output is what $source compiles to', async (module) => {
  const committed = await readFile(new URL(`../${module.output}`, import.meta.url), 'utf8');
  expect((await compileKernel(module)) === committed, 'run pnpm --filter @x/codecs kernel').toBe(true);
});
