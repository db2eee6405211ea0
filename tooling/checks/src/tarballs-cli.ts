/**
 * Packs every package, installs each alone with npm in an empty folder, and uses it there under
 * each Node.js release. Prints a line per package and release; fails when one does not hold.
 *
 * `tarballs-cli.ts [VERSION…]`: the Node.js lines to use, by default 20 22 24 26.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expectedInstalls } from './expected-installs.ts';
import { nodeBinary } from './node-binary.ts';
import { install, nodeVersions, pack, packedDependencies } from './tarballs.ts';
import { publicPackages } from './workspace.ts';

const root = join(import.meta.dirname, '../../..');
const versions = process.argv.length > 2 ? process.argv.slice(2) : nodeVersions;
const scratch = mkdtempSync(join(tmpdir(), 'tarballs-'));
let failures = 0;

function report(what: string, check: () => string): void {
  try {
    console.log(`ok    ${what}: ${check()}`);
  } catch (error) {
    failures += 1;
    const { stderr, message } = error as { stderr?: string; message: string };
    console.log(`FAIL  ${what}: ${stderr || message}`);
  }
}

try {
  const packages = publicPackages(root);
  const nodes = versions.map((version) => nodeBinary(join(scratch, `node-${version}`), version));
  const tarballs = Object.fromEntries(
    packages.map((one) => [one.manifest.name, pack(root, one, join(scratch, 'tarballs'))]),
  );
  for (const { manifest } of packages) {
    const { name } = manifest;
    const folder = join(scratch, name.replace('@x/', 'install-'));
    report(name, () => {
      const expected = expectedInstalls[name]?.join(' ');
      const present = install(folder, tarballs, name).join(' ');
      if (present !== expected) throw new Error(`installs ${present}; the design says ${expected}`);
      return `installs ${present}; depends on ${packedDependencies(folder, name).join(' ') || 'nothing'}`;
    });
    const consumer = join(import.meta.dirname, '../consumers', `${name.replace('@x/', '')}.mjs`);
    if (!existsSync(consumer)) throw new Error(`${name} has no consumer: write ${consumer}`);
    copyFileSync(consumer, join(folder, 'consumer.mjs'));
    for (const node of nodes) {
      const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
      report(`${name} on Node.js ${version}`, () =>
        execFileSync(node, ['consumer.mjs'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim(),
      );
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(failures === 0 ? 'tarballs: all hold' : `tarballs: ${failures} do not hold`);
process.exitCode = failures === 0 ? 0 : 1;
