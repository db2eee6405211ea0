import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

import { longForm } from './long-form.ts';
import { hasZstd } from './samples.ts';

const fixture = fileURLToPath(new URL('fixtures/abort-many.mjs', import.meta.url));

/** What one codec's state takes at least, or the content that it was given. */
const stateMiB = 0.25;

/** What is measured jumps by some 40 MiB; with snappy it comes to 180 MiB and stays there. xz takes 40 ms to start. */
const counts = new Map([
  ['snappy', 1000],
  ['xz', 150],
]);

const encoders = ['gzip', ...(hasZstd ? ['zstd'] : []), 'brotli', 'deflate', 'xz', 'snappy', 'lz4'];

/** With these the allocator of glibc gives back what is freed, so that only what is kept is measured. */
const env = {
  ...process.env,
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_ARENA_MAX: '1',
};

test.each(encoders)('compressors of %s that are left midway leave no memory behind', async (codec) => {
  const count = longForm ? 1500 : (counts.get(codec) ?? 400);
  const args = [...childNodeArgs, '--expose-gc', fixture, codec, String(count)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const { grownMiB } = JSON.parse(stdout) as { grownMiB: number };
  expect(grownMiB).toBeLessThan(count * stateMiB);
});
