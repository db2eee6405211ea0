import { join } from 'node:path';

import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

import { rowsOf } from './memory.ts';

test('the example of the README writes the file, and reads it', async () => {
  const { stdout, files } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'orders.csv': 'id,name\n1,Ada\n2,\n',
  });
  expect(stdout).toBe('{ id: 1 }\n{ id: 2 }\n');
  expect((await rowsOf(files['orders.arrow']!)).rows).toEqual([
    [1, 'Ada'],
    [2, null],
  ]);
});
