import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory tree as values, to start a scenario from and to compare with afterwards. */
export interface Tree {
  readonly [name: string]:
    | { readonly content: Uint8Array; readonly mode: number }
    | { readonly target: string }
    | { readonly entries: Tree };
}

const ownerOnly = 0o700;
const permissionBits = 0o7777;

/** A fresh directory, as a real path: what the recorder sees must be what the kernel sees. */
export async function makeDirectory(base: string = tmpdir()): Promise<string> {
  return realpath(await mkdtemp(join(base, 'crash-lab-')));
}

export async function removeDirectory(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** Empties the directory and fills it with the tree. */
export async function plantTree(directory: string, tree: Tree): Promise<void> {
  const old = await readdir(directory).catch(() => []);
  await Promise.all(old.map((name) => rm(join(directory, name), { recursive: true })));
  await mkdir(directory, { recursive: true, mode: ownerOnly });
  await Promise.all(
    Object.entries(tree).map(async ([name, node]) => {
      const path = join(directory, name);
      if ('entries' in node) {
        await plantTree(path, node.entries);
      } else if ('target' in node) {
        await symlink(node.target, path);
      } else {
        await writeFile(path, node.content);
        await chmod(path, node.mode);
      }
    }),
  );
}

export async function readTree(directory: string): Promise<Tree> {
  const names = (await readdir(directory)).toSorted();
  const nodes = await Promise.all(
    names.map(async (name) => {
      const path = join(directory, name);
      const stats = await lstat(path);
      if (stats.isDirectory()) return [name, { entries: await readTree(path) }] as const;
      if (stats.isSymbolicLink()) return [name, { target: await readlink(path) }] as const;
      return [name, { content: await readFile(path), mode: stats.mode & permissionBits }] as const;
    }),
  );
  return treeOf(nodes);
}

export function treeOf(nodes: readonly (readonly [string, Tree[string]])[]): Tree {
  return Object.fromEntries(nodes) as Readonly<Record<string, Tree[string]>>;
}
