import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { avro } from '@x/format-avro';
import { MemorySource } from '@x/formats/contract-suite';
import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');

test('the example of the README writes the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'x-format-avro-'));
  try {
    writeFileSync(join(folder, 'orders.csv'), 'id,name\n1,Ada\n2,\n');
    const code = /```js\n(.*?)```/s.exec(readFileSync(join(packageFolder, 'README.md'), 'utf8'))?.[1];
    const program = `process.chdir(${JSON.stringify(folder)});\n${code}`;
    const args = [...childNodeArgs, '--input-type=module', '--eval', program];
    await promisify(execFile)(process.execPath, args, { cwd: packageFolder });
    const rows = [];
    const source = new MemorySource(readFileSync(join(folder, 'orders.avro')));
    for await (const batch of avro().createReader(source)) rows.push(...batch.rows());
    expect(rows).toEqual([
      [1, 'Ada'],
      [2, null],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
