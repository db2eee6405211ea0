import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { childNodeArgs } from './child-node.js';

/**
 * Runs the first example of a package's README in a folder with these files; gives what it prints, and the files
 * that are there afterwards.
 *
 * @param {string} packageFolder
 * @param {Readonly<Record<string, string | Uint8Array>>} files
 */
export async function runReadmeExample(packageFolder, files) {
  const folder = mkdtempSync(join(tmpdir(), 'x-readme-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const code = /```js\n(.*?)```/s.exec(readFileSync(join(packageFolder, 'README.md'), 'utf8'))?.[1];
    const program = `process.chdir(${JSON.stringify(folder)});\n${code}`;
    const args = [...childNodeArgs, '--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: packageFolder });
    const found = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);
    return { stdout, files: Object.fromEntries(found) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
