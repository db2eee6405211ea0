import { join } from 'node:path';

import { xlsx } from '@x/format-xlsx';
import { MemorySource } from '@x/formats/contract-suite';
import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

test('the example of the README writes the file', async () => {
  const { files } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'orders.csv': 'id,name\n1,Ada\n2,\n',
  });
  const rows = [];
  const source = new MemorySource(files['orders.xlsx']!);
  for await (const batch of xlsx().createReader(source)) rows.push(...batch.rows());
  expect(rows).toEqual([
    [1, 'Ada'],
    [2, null],
  ]);
});
