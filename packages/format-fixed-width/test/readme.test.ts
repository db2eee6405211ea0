import { join } from 'node:path';

import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

test('the example of the README prints the rows', async () => {
  const { stdout } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'orders.fwf': '0001Ada     1.50\n0002Zoë       12\n',
  });
  expect(stdout).toBe('{"id":"0001","name":"Ada","amount":1.5}\n{"id":"0002","name":"Zoë","amount":12}\n');
});
