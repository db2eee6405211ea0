import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { sqlite } from '@x/format-sqlite';
import { rowsBatch, type Schema } from '@x/formats';
import { MemorySink } from '@x/formats/contract-suite';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

import { hasSqlite } from './available.ts';

const packageFolder = join(import.meta.dirname, '..');

async function runExample(database: Uint8Array): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'x-format-sqlite-'));
  try {
    writeFileSync(join(folder, 'shop.db'), database);
    const code = /```js\n(.*?)```/s.exec(readFileSync(join(packageFolder, 'README.md'), 'utf8'))?.[1];
    const program = `process.chdir(${JSON.stringify(folder)});\n${code}`;
    const args = [...childNodeArgs, '--input-type=module', '--eval', program];
    return (await promisify(execFile)(process.execPath, args, { cwd: packageFolder })).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function shop(): Promise<Uint8Array> {
  const schema: Schema = { columns: [{ name: 'name', type: { kind: 'string' } }] };
  const sink = new MemorySink();
  const writer = sqlite().createWriter(sink, { table: 'orders' });
  await writer.write(rowsBatch(schema, [['Ada'], ['Bob'], ['Ada']], 0));
  await writer.finish();
  return sink.bytes;
}

test('the example of the README prints the rows, where Node.js has SQLite', async () => {
  const outcome = await shop().then(runExample, (error: { code: string }) => error.code);
  expect(outcome).toBe(hasSqlite ? '{"name":"Ada","orders":2}\n{"name":"Bob","orders":1}\n' : 'UNAVAILABLE');
});
