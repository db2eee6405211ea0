import { join } from 'node:path';

import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

test('the example of the README prints the rows', async () => {
  const { stdout } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'orders.xml': '<orders><order id="1"><name>Ada</name></order></orders>',
  });
  expect(stdout).toBe('{"@id":1,"name":"Ada"}\n');
});
