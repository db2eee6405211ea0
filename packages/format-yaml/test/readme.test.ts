import { join } from 'node:path';

import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

test('the example of the README prints the rows', async () => {
  const { stdout } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'orders.yaml': '- id: 1\n  name: Ada\n- id: 2\n  tags: [a, b]\n',
  });
  expect(stdout).toBe('{"id":1,"name":"Ada"}\n{"id":2,"tags":["a","b"]}\n');
});
