/**
 * Packs every package, installs those named (by default @x/cli and every format) each alone with npm in an empty folder, and
 * prints as a table what that takes on the disk: bytes of all files, dependencies included.
 *
 * `sizes-cli.ts [NAME…]`
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { install, pack } from './tarballs.ts';
import { publicPackages } from './workspace.ts';

const root = join(import.meta.dirname, '../../..');
const names = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'sizes-'));

/** How many files there are in a folder, and their bytes. */
function contentOf(folder: string): { files: number; bytes: number } {
  const sizes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

try {
  const packages = publicPackages(root);
  const tarballs = Object.fromEntries(
    packages.map((one) => [one.manifest.name, pack(root, one, join(scratch, 'tarballs'))]),
  );
  const wanted =
    names.length > 0 ? names : Object.keys(tarballs).filter((name) => /\/(?:cli|format)/.test(name));
  console.log('| package | brings | files | on the disk |\n| --- | --- | ---: | ---: |');
  for (const name of wanted.toSorted()) {
    if (tarballs[name] === undefined) throw new Error(`there is no package ${name}`);
    const folder = join(scratch, name.replace('@x/', 'install-'));
    const others = install(folder, tarballs, name).filter((one) => one !== name);
    const { files, bytes } = contentOf(join(folder, 'node_modules'));
    console.log(
      `| \`${name}\` | ${others.join(', ') || 'nothing'} | ${files} | ${(bytes / 1e6).toFixed(2)} MB |`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
