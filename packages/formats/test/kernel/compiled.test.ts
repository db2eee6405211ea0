import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { compileKernel, kernels } from '../../scripts/kernel.ts';
import { createColumnKernel } from '../../src/kernel/columns.ts';
import { createKernel, kernelBytes } from '../../src/kernel/simd.ts';

test.for(kernels)('the committed $target is what $entry compiles to', async (kernel) => {
  const committed = await readFile(new URL(`../../${kernel.target}`, import.meta.url), 'utf8');
  expect((await compileKernel(kernel)) === committed, 'run pnpm --filter @x/formats kernel').toBe(true);
});

test('what the kernels keep for themselves does not overlap, and ends before what an arena gives out', () => {
  const { kernel, memory } = createKernel()!;
  const [first, second] = kernels;
  expect(kernel.staticEnd()).toBeGreaterThan(first.base);
  expect(kernel.staticEnd()).toBeLessThanOrEqual(second.base);
  expect(createColumnKernel(memory).staticEnd()).toBeLessThanOrEqual(kernelBytes);
});
