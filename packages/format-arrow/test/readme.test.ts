import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

import { rowsOf } from './memory.ts';

const packageFolder = join(import.meta.dirname, '..');

test('the example of the README writes the file, and reads it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'x-format-arrow-'));
  try {
    writeFileSync(join(folder, 'orders.csv'), 'id,name\n1,Ada\n2,\n');
    const code = /```js\n(.*?)```/s.exec(readFileSync(join(packageFolder, 'README.md'), 'utf8'))?.[1];
    const program = `process.chdir(${JSON.stringify(folder)});\n${code}`;
    const args = [...childNodeArgs, '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packageFolder });
    expect(stdout).toBe('{ id: 1 }\n{ id: 2 }\n');
    expect((await rowsOf(readFileSync(join(folder, 'orders.arrow')))).rows).toEqual([
      [1, 'Ada'],
      [2, null],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
