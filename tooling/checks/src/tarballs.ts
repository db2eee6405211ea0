import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Package } from './workspace.ts';

/** The Node.js releases that a package must work on: the oldest and newest lines that people run. */
export const nodeVersions = ['20', '22', '24', '26'] as const;

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function run(command: string, args: readonly string[], cwd: string): string {
  // npm is a .cmd file on Windows, which only a shell starts.
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: 'pipe',
  });
}

/** Packs a package as it would be published and returns the path of the tarball. */
export function pack(root: string, { folder }: Package, destination: string): string {
  mkdirSync(destination, { recursive: true });
  const before = new Set(readdirSync(destination));
  run('pnpm', ['pack', '--pack-destination', destination], join(root, folder));
  const made = readdirSync(destination).filter((name) => !before.has(name) && name.endsWith('.tgz'));
  if (made.length !== 1) throw new Error(`${folder}: packing made ${made.length} tarballs`);
  return join(destination, made[0]!);
}

/**
 * Installs tarballs with npm in an empty folder and returns what `node_modules` then holds, sorted.
 * Only `tarballs[0]` is asked for; the others stand in for the registry where it needs them.
 */
export function install(
  folder: string,
  tarballs: Readonly<Record<string, string>>,
  wanted: string,
): string[] {
  mkdirSync(folder, { recursive: true });
  const overrides = Object.fromEntries(
    Object.entries(tarballs)
      .filter(([name]) => name !== wanted)
      .map(([name, path]) => [name, `file:${path}`]),
  );
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { [wanted]: `file:${tarballs[wanted]!}` },
    overrides,
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  run(npm, ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], folder);
  return installed(join(folder, 'node_modules'));
}

function installed(modules: string): string[] {
  return readdirSync(modules)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
    )
    .toSorted();
}

/** What the packed manifest says it needs at run time. */
export function packedDependencies(folder: string, name: string): string[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));
  return Object.keys(manifest.dependencies ?? {}).toSorted();
}
