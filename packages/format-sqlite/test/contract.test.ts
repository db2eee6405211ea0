import { sqlite } from '@x/format-sqlite';
import { rowsBatch } from '@x/formats';
import { formatContract } from '@x/formats/contract-suite';
import { expect, test } from 'vitest';

import { hasSqlite } from './available.ts';

if (hasSqlite) {
  formatContract({
    format: sqlite(),
    readOptions: () => ({}),
    values: {
      brokenText: 'refused',
      minusZero: 'refused',
      notFinite: 'refused',
    },
    keepsColumnsOfNoRows: true,
    cut: 'refused',
    lateColumns: 'refused',
    readsAll: true,
    ignoresCase: true,
  });
}

test('where Node.js has no SQLite, what is needed is said', async () => {
  const schema = { columns: [{ name: 'a', type: { kind: 'integer' } as const }] };
  const writer = sqlite().createWriter({ write: () => undefined });
  const outcome = await writer.write(rowsBatch(schema, [[1]], 0)).catch((error: unknown) => error);
  const refusal: unknown = expect.objectContaining({
    code: 'UNAVAILABLE',
    hint: expect.stringContaining('22.16'),
  });
  expect(outcome).toEqual(hasSqlite ? undefined : refusal);
  if (hasSqlite) await writer.finish();
});
