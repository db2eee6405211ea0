import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { rowsBatch } from '@x/formats';
import { MemorySink } from '@x/formats/contract-suite';
import { parquet } from '@x/format-parquet';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');

test('the example of the README prints the rows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'x-format-parquet-'));
  try {
    const columns = ['note', 'id', 'total'].map((name) => ({ name, type: { kind: 'integer' } as const }));
    const sink = new MemorySink();
    const writer = parquet().createWriter(sink);
    await writer.write(rowsBatch({ columns }, [[7, 1, 20]], 0));
    await writer.finish();
    await writeFile(join(folder, 'orders.parquet'), sink.bytes);
    const code = /```js\n(.*?)```/s.exec(await readFile(join(packageFolder, 'README.md'), 'utf8'))?.[1];
    const program = `process.chdir(${JSON.stringify(folder)});\n${code}`;
    const args = [...childNodeArgs, '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packageFolder });
    expect(stdout).toBe('{ id: 1, total: 20 }\n');
  } finally {
    await rm(folder, { recursive: true });
  }
});
