import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

import { longForm } from './long-form.ts';
import { hasZstd } from './samples.ts';

const fixture = fileURLToPath(new URL('fixtures/abort-many.mjs', import.meta.url));

const count = longForm ? 1500 : 150;

/** With these the allocator of glibc gives back what is freed, so that only what is kept is measured. */
const env = {
  ...process.env,
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_ARENA_MAX: '1',
};

test.each(['gzip', ...(hasZstd ? ['zstd'] : []), 'brotli', 'deflate', 'xz', 'snappy', 'lz4'])(
  'compressors of %s that are left midway leave no memory behind',
  async (codec) => {
    const args = [...childNodeArgs, '--expose-gc', fixture, codec, String(count)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    const { grownMiB } = JSON.parse(stdout) as { grownMiB: number };
    expect(grownMiB).toBeLessThan(40);
  },
);
