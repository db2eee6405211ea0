import { join } from 'node:path';

import { rowsBatch } from '@x/formats';
import { MemorySink } from '@x/formats/contract-suite';
import { parquet } from '@x/format-parquet';
import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

test('the example of the README prints the rows', async () => {
  const columns = ['note', 'id', 'total'].map((name) => ({ name, type: { kind: 'integer' } as const }));
  const sink = new MemorySink();
  const writer = parquet().createWriter(sink);
  await writer.write(rowsBatch({ columns }, [[7, 1, 20]], 0));
  await writer.finish();
  const { stdout } = await runReadmeExample(join(import.meta.dirname, '..'), {
    'orders.parquet': sink.bytes,
  });
  expect(stdout).toBe('{ id: 1, total: 20 }\n');
});
