import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The binary of the newest release of a Node.js line, such as `22` or `22.15`, from npm's `node` package. */
export function nodeBinary(folder: string, version: string): string {
  const windows = process.platform === 'win32';
  const binary = join(folder, 'node_modules/node/bin', windows ? 'node.exe' : 'node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const args = ['install', `node@${version}`, '--no-audit', '--no-fund', '--loglevel=error'];
    // npm is a .cmd file on Windows, which only a shell starts.
    execFileSync(windows ? 'npm.cmd' : 'npm', args, { cwd: folder, shell: windows, stdio: 'pipe' });
  }
  const actual = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim();
  if (!`${actual}.`.startsWith(`v${version}.`)) throw new Error(`node@${version} is ${actual}`);
  return binary;
}
