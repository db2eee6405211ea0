import { join } from 'node:path';

import { runReadmeExample } from '@x/vitest-config/readme-example';
import { decode } from 'cborg';
import { expect, test } from 'vitest';

test('the example of the README writes the file', async () => {
  const { files } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'orders.csv': 'id,name\n9007199254740993,Ada\n',
  });
  expect(decode(files['orders.cbor']!)).toEqual({ id: 9007199254740993n, name: 'Ada' });
});
