import { join } from 'node:path';

import { sqlite } from '@x/format-sqlite';
import { rowsBatch, type Schema } from '@x/formats';
import { MemorySink } from '@x/formats/contract-suite';
import { runReadmeExample } from '@x/vitest-config/readme-example';
import { expect, test } from 'vitest';

import { hasSqlite } from './available.ts';

async function shop(): Promise<Uint8Array> {
  const schema: Schema = { columns: [{ name: 'name', type: { kind: 'string' } }] };
  const sink = new MemorySink();
  const writer = sqlite().createWriter(sink, { table: 'orders' });
  await writer.write(rowsBatch(schema, [['Ada'], ['Bob'], ['Ada']], 0));
  await writer.finish();
  return sink.bytes;
}

test('the example of the README prints the rows, where Node.js has SQLite', async () => {
  const packageFolder = join(import.meta.dirname, '..');
  const printed = shop().then(async (database) => {
    return (await runReadmeExample(packageFolder, { 'shop.db': database })).stdout;
  });
  const outcome = await printed.catch((error: { code: string }) => error.code);
  expect(outcome).toBe(hasSqlite ? '{"name":"Ada","orders":2}\n{"name":"Bob","orders":1}\n' : 'UNAVAILABLE');
});
