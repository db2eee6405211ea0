import { spawnSync } from 'node:child_process';

/**
 * Installs a reference tool from its Debian package if it is not there, `X_INSTALL_TOOLS=1` asks for
 * it, and this is root on a system with apt. Throws where the installation fails.
 */
export function provide(tool: string, debianPackage: string): void {
  if (process.env['X_INSTALL_TOOLS'] !== '1' || missing(tool) === undefined) return;
  if (process.getuid?.() !== 0 || missing('apt-get') !== undefined) return;
  apt('update');
  apt('install', '--yes', '--no-install-recommends', debianPackage);
}

function apt(...args: string[]): void {
  const { status, stderr } = spawnSync('apt-get', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed with ${status}: ${stderr}`);
}

/** Why tests that need a reference tool cannot run; `undefined` where the tool is installed. */
export function missing(tool: string): string | undefined {
  const { error } = spawnSync(tool, ['--version'], { stdio: 'ignore' });
  return error === undefined ? undefined : `the tool ${tool} is not installed`;
}

/** Runs a reference tool as a filter. Throws what it says where it fails. */
export function filter(tool: string, args: readonly string[], input: Uint8Array): Buffer {
  const { error, status, stdout, stderr } = spawnSync(tool, args, { input, maxBuffer: 2 ** 30 });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} failed with ${status}: ${stderr.toString()}`);
  return stdout;
}
