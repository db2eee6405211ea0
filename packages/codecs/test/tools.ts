import { spawnSync } from 'node:child_process';

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
