import { codecs, compress, decompress } from '@x/codecs';
import { expect, test, vi } from 'vitest';

import { failureOf } from './samples.ts';

/* Here none of the optional packages is installed. */
const absent = vi.hoisted(() => (): never => {
  throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
});
vi.mock('lzma-native', absent);
vi.mock('snappy', absent);
vi.mock('fzstd', absent);

const needed = codecs.flatMap(({ name, packages = {} }) =>
  Object.entries(packages).map(([direction, needs]) => ({ name, direction, needs })),
);

test.each(needed)('$direction of $name says that it needs $needs', async ({ name, direction, needs }) => {
  const run = direction === 'compress' ? compress : decompress;
  const error = await failureOf(run(Buffer.from('content'), name).bytes());
  expect(error).toMatchObject({
    code: 'UNAVAILABLE',
    codec: name,
    message: expect.stringContaining(`npm install ${needs}`) as string,
    cause: expect.any(Error) as Error,
  });
});

test('the other codecs do without', async () => {
  for (const { name, packages, capabilities } of codecs) {
    if (packages !== undefined || !capabilities.compress) continue;
    const packed = await compress(Buffer.from('content'), name).bytes();
    expect(Buffer.from(await decompress(packed, name).bytes()).toString()).toBe('content');
  }
});
