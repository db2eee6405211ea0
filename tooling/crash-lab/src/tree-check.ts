import type { Tree } from './sandbox.ts';
import type { Sight, Versions } from './model/verdict.ts';
import { sightOf } from './model/verdict.ts';

type Node = Tree[string];

/** The node at a path below the tree, links inside it followed unless `keepLink`. */
export function nodeAt(tree: Tree, path: string, keepLink = false): Node | undefined {
  const parts = path.split('/');
  let node: Node | undefined = { entries: tree };
  for (const [index, part] of parts.entries()) {
    if (node === undefined || !('entries' in node)) return undefined;
    node = node.entries[part];
    const isLast = index === parts.length - 1;
    if (node !== undefined && 'target' in node && !(isLast && keepLink)) {
      const from = [...parts.slice(0, index), ...node.target.split('/')];
      return nodeAt(tree, [...normalize(from), ...parts.slice(index + 1)].join('/'), keepLink);
    }
  }
  return node;
}

function normalize(parts: readonly string[]): string[] {
  const path: string[] = [];
  for (const part of parts) {
    if (part === '..') path.pop();
    else if (part !== '.' && part !== '') path.push(part);
  }
  return path;
}

/** What is at the target of a real directory tree. */
export function sightIn(tree: Tree, versions: Versions): Sight {
  const node = nodeAt(tree, versions.path, versions.link === true);
  if (node === undefined) return sightOf(undefined, versions);
  if ('entries' in node) return 'mixed';
  if ('target' in node)
    return sightOf({ content: Buffer.from(node.target), mode: versions.mode ?? 0 }, versions);
  return sightOf(node, versions);
}

/** Paths of everything in the tree that is not a directory. */
export function pathsIn(tree: Tree, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([name, node]) =>
    'entries' in node ? pathsIn(node.entries, `${prefix}${name}/`) : [`${prefix}${name}`],
  );
}

/** Files that are there now, were not at the start and are no target: what a writer left behind. */
export function leftovers(now: Tree, start: Tree, targets: readonly Versions[]): string[] {
  const known = new Set([...pathsIn(start), ...targets.map(({ path }) => path)]);
  return pathsIn(now).filter((path) => !known.has(path));
}

/** Paths at which two trees differ. */
export function differences(left: Tree, right: Tree): string[] {
  return [...new Set([...pathsIn(left), ...pathsIn(right)])].filter((path) => {
    const [a, b] = [nodeAt(left, path, true), nodeAt(right, path, true)];
    if (a === undefined || b === undefined) return true;
    if ('content' in a && 'content' in b) {
      return a.mode !== b.mode || Buffer.compare(a.content, b.content) !== 0;
    }
    return !('target' in a && 'target' in b && a.target === b.target);
  });
}
