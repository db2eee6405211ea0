import { join } from 'node:path';

import { runReadmeExample } from '@x/vitest-config/readme-example';
import { deserialize } from 'bson';
import { expect, test } from 'vitest';

test('the example of the README writes the file', async () => {
  const { files } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'orders.csv': 'id,name\n9007199254740993,Ada\n',
  });
  expect(deserialize(files['orders.bson']!, { useBigInt64: true })).toEqual({
    id: 9007199254740993n,
    name: 'Ada',
  });
});
