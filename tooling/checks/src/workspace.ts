import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** The fields of a package.json that the checks look into; the rest is unknown to them. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly engines?: { readonly node?: string };
  readonly publishConfig?: { readonly access?: string };
  readonly [field: string]: unknown;
}

export interface Package {
  /** Folder, relative to the root of the repository. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** One broken rule, in words that say where and what to do. */
export interface Violation {
  readonly rule: 'arrow' | 'cycle' | 'lines' | 'manifest' | 'folder';
  readonly where: string;
  readonly what: string;
}

/** The packages people install. Those in `tooling/` are ours alone. */
export function publicPackages(root: string): Package[] {
  return readdirSync(join(root, 'packages'))
    .toSorted()
    .map((name) => {
      const folder = `packages/${name}`;
      return { folder, manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) };
    });
}

const notOurs = new Set(['node_modules', 'dist', 'reports', 'fixtures', '.turbo']);

/** Our own code files below a folder, relative to the root, with `/` between folders. */
export function codeFiles(root: string, folder: string): string[] {
  const found: string[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (!notOurs.has(entry.name)) walk(path);
      } else if (/\.(?:[cm]?js|ts)$/.test(entry.name)) found.push(relative(root, path).split(sep).join('/'));
    }
  };
  walk(join(root, folder));
  return found.toSorted();
}
