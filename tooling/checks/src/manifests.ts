import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Manifest, Package, Violation } from './workspace.ts';

const required: Readonly<Record<string, (manifest: Manifest) => boolean>> = {
  description: ({ description }) => typeof description === 'string' && description.length > 20,
  license: ({ license }) => license === 'MIT',
  type: ({ type }) => type === 'module',
  sideEffects: ({ sideEffects }) => sideEffects === false,
  files: ({ files }) => Array.isArray(files) && files.includes('dist'),
  engines: ({ engines }) => engines?.node === '>=20.19',
  repository: ({ repository }) =>
    typeof repository === 'object' && repository !== null && 'directory' in repository,
  publishConfig: ({ publishConfig }) => publishConfig?.access === 'public',
  exports: ({ exports }) => exports !== undefined && './package.json' in exports,
};

/** Dependencies come through the catalog or the workspace, so that one place says which version. */
function pinned(range: string): boolean {
  return range.startsWith('catalog:') || range.startsWith('workspace:');
}

/** The manifest fields that a public package must have, and what an export entry must look like. */
export function checkManifests(root: string, packages: readonly Package[]): Violation[] {
  const violations: Violation[] = [];
  for (const { folder, manifest } of packages) {
    const where = `${folder}/package.json`;
    const report = (what: string): void => void violations.push({ rule: 'manifest', where, what });

    if (manifest.name !== `@x/${folder.slice('packages/'.length)}`)
      report(`name ${manifest.name} is not the folder's`);
    for (const [field, holds] of Object.entries(required)) {
      if (!holds(manifest)) report(`"${field}" is missing or not as every package has it`);
    }
    for (const field of ['dependencies', 'devDependencies'] as const) {
      for (const [name, range] of Object.entries(manifest[field] ?? {})) {
        if (!pinned(range)) report(`${field}: ${name} is "${range}"; put the version in the catalog`);
      }
    }
    for (const [subpath, entry] of Object.entries(manifest.exports ?? {})) {
      if (subpath === './package.json') continue;
      const keys = typeof entry === 'object' && entry !== null ? Object.keys(entry).join() : '';
      if (keys !== '@x/source,types,default') {
        report(`exports["${subpath}"] must have the conditions @x/source, types, default, in this order`);
      }
    }
    for (const file of ['README.md', 'tsconfig.json']) {
      if (!existsSync(join(root, folder, file))) report(`${file} is missing`);
    }
  }
  return violations;
}
