import { spawnSync } from 'node:child_process';

/** What is compared with, and `time`, which measures. All of them are packages of Debian, by the same name. */
export const tools = ['gzip', 'pigz', 'zstd', 'bzip2', 'lz4', 'time'] as const;
export type Tool = (typeof tools)[number];

/** The version of each tool that is there, after installing with apt-get what is missing, where that is allowed. */
export function toolVersions(): Map<Tool, string> {
  const missing = tools.filter((tool) => versionOf(tool) === undefined);
  if (missing.length > 0 && process.getuid?.() === 0) {
    console.log(`Installing ${missing.join(', ')}`);
    spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', ...missing], { stdio: 'ignore' });
  }
  const versions = new Map<Tool, string>();
  for (const tool of tools) {
    const version = versionOf(tool);
    if (version !== undefined) versions.set(tool, version);
  }
  return versions;
}

function versionOf(tool: Tool): string | undefined {
  const { error, stdout, stderr } = spawnSync(tool, ['--version'], { encoding: 'utf8', input: '' });
  if (error !== undefined) return undefined;
  return /\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0] ?? 'of an unknown version';
}
