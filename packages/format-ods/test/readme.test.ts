import { join } from 'node:path';

import { ods } from '@x/format-ods';
import { readRows } from '@x/formats/contract-suite';
import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

test('the example of the README writes the file', async () => {
  const { files } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'orders.csv': 'id,day\n1,2024-02-29\n2,\n',
  });
  expect((await readRows(ods(), files['orders.ods']!)).rows).toEqual([
    [1, new Date('2024-02-29')],
    [2, null],
  ]);
});
