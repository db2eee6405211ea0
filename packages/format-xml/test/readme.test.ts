import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { childNodeArgs } from '@x/vitest-config/child-node';
import { expect, test } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');

test('the example of the README prints the rows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'x-format-xml-'));
  try {
    writeFileSync(join(folder, 'orders.xml'), '<orders><order id="1"><name>Ada</name></order></orders>');
    const code = /```js\n(.*?)```/s.exec(readFileSync(join(packageFolder, 'README.md'), 'utf8'))?.[1];
    const program = `process.chdir(${JSON.stringify(folder)});\n${code}`;
    const args = [...childNodeArgs, '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packageFolder });
    expect(stdout).toBe('{"@id":1,"name":"Ada"}\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
