import { join } from 'node:path';

import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

test('the example of the README prints the rows', async () => {
  const { stdout } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'report.html':
      '<!doctype html><table><tr><td>layout</table><table id=orders><tr><th>id<th>name<tr><td>1<td>Ada</table>',
  });
  expect(stdout).toBe('{"id":1,"name":"Ada"}\n');
});
