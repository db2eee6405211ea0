import { posix } from 'node:path';

import type { Tree } from '../sandbox.ts';
import {
  type Effect,
  type EntryEffect,
  type FileInode,
  type Inode,
  type InodeEffect,
  type InodeId,
  fresh,
} from './effect.ts';

/** Where a path leads in the file system as the running program sees it. */
export interface Place {
  readonly directory: InodeId;
  readonly name: string;
  readonly inode: InodeId | undefined;
}

const maxLinks = 40;

/**
 * A file system of inodes and directory entries, with every effect that has been applied since the start and
 * is not yet settled. Everything that the tree holds at the start is settled.
 */
export class Disk {
  readonly root: string;
  readonly inodes: Inode[] = [];
  readonly entryEffects: EntryEffect[] = [];
  /** The entries as the running program sees them: a map of names for each directory. */
  readonly #live = new Map<InodeId, Map<string, InodeId>>();

  constructor(root: string, tree: Tree) {
    this.root = root;
    this.#plant(tree);
  }

  #plant(tree: Tree): InodeId {
    const entries = new Map<string, InodeId>();
    const id = this.inodes.length;
    this.inodes.push({ kind: 'directory', id, entries });
    this.#live.set(id, new Map());
    for (const [name, node] of Object.entries(tree)) {
      const child = 'entries' in node ? this.#plant(node.entries) : this.#plantLeaf(node);
      entries.set(name, child);
      this.#live.get(id)?.set(name, child);
    }
    return id;
  }

  #plantLeaf(node: { content: Uint8Array; mode: number } | { target: string }): InodeId {
    return 'target' in node ? this.addSymlink(node.target) : this.addFile(node.content, node.mode).id;
  }

  addFile(content: Uint8Array, mode: number): FileInode {
    const inode: FileInode = { kind: 'file', id: this.inodes.length, content, mode, effects: [] };
    this.inodes.push(inode);
    return inode;
  }

  addSymlink(target: string): InodeId {
    const id = this.inodes.length;
    this.inodes.push({ kind: 'symlink', id, target });
    return id;
  }

  addDirectory(): InodeId {
    const id = this.inodes.length;
    this.inodes.push({ kind: 'directory', id, entries: new Map() });
    this.#live.set(id, new Map());
    return id;
  }

  /** Changes entries at once for the running program, pending for the disk. */
  change(changes: EntryEffect['changes'], settledBy: InodeId, label: string): EntryEffect {
    const effect: EntryEffect = { ...fresh(label), changes, settledBy };
    this.entryEffects.push(effect);
    for (const { directory, name, inode } of changes) {
      const names = this.#live.get(directory);
      if (inode === undefined) names?.delete(name);
      else names?.set(name, inode);
    }
    return effect;
  }

  alter(effect: InodeEffect): InodeEffect {
    this.file(effect.inode).effects.push(effect);
    return effect;
  }

  file(id: InodeId): FileInode {
    const inode = this.inodes[id];
    if (inode?.kind !== 'file') throw new Error(`Inode ${id} is not a regular file`);
    return inode;
  }

  /** Settles the effects, or, where the sync failed, leaves them in doubt for good. */
  settle(effects: readonly Effect[], succeeded: boolean): void {
    for (const effect of effects) {
      if (!succeeded) effect.doubtful = !effect.settled;
      else if (!effect.doubtful) effect.settled = true;
    }
  }

  /** The file size that the running program sees. */
  liveSize(id: InodeId): number {
    const inode = this.file(id);
    return inode.effects.reduce(
      (size, effect) =>
        effect.kind === 'truncate'
          ? effect.size
          : effect.kind === 'extend'
            ? Math.max(size, ...effect.sizes)
            : size,
      inode.content.byteLength,
    );
  }

  /** Resolves a path of the running program; the last component is followed only where `follow` says so. */
  find(path: string, follow: boolean): Place {
    return resolve(this, path, follow, (directory) => this.#live.get(directory) ?? new Map());
  }

  /** The names in a directory that the running program sees. */
  liveEntries(directory: InodeId): ReadonlyMap<string, InodeId> {
    return this.#live.get(directory) ?? new Map();
  }
}

/** Walks a path through any view of the entries: the live one, or one that a crash left. */
export function resolve(
  disk: Disk,
  path: string,
  follow: boolean,
  entriesOf: (directory: InodeId) => ReadonlyMap<string, InodeId>,
): Place {
  let links = 0;
  const walk = (from: InodeId, trail: readonly InodeId[], text: string, last: boolean): Place => {
    const parts = text.split('/').filter((part) => part !== '' && part !== '.');
    let directory = from;
    let above = [...trail];
    let place: Place = { directory, name: '.', inode: directory };
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      if (part === '..') {
        directory = above.pop() ?? directory;
        place = { directory, name: '.', inode: directory };
        continue;
      }
      place = { directory, name: part, inode: entriesOf(directory).get(part) };
      const inode = place.inode === undefined ? undefined : disk.inodes[place.inode];
      if (inode?.kind === 'symlink' && (!isLast || last)) {
        links += 1;
        if (links > maxLinks) return { ...place, inode: undefined };
        place = posix.isAbsolute(inode.target)
          ? walk(0, [], relativeToRoot(disk, inode.target), true)
          : walk(directory, above, inode.target, true);
      }
      if (isLast) return place;
      const next = place.inode === undefined ? undefined : disk.inodes[place.inode];
      if (next?.kind !== 'directory') return { ...place, inode: undefined };
      above = above.concat(directory);
      directory = next.id;
    }
    return place;
  };
  return walk(0, [], relativeToRoot(disk, path), follow);
}

function relativeToRoot(disk: Disk, path: string): string {
  if (path === disk.root) return '';
  if (!path.startsWith(`${disk.root}/`)) throw new UnmodelledError(`${path} lies outside ${disk.root}`);
  return path.slice(disk.root.length + 1);
}

/** The trace does something that the model has no rule for: the lab can then say nothing about the writer. */
export class UnmodelledError extends Error {
  override readonly name = 'UnmodelledError';
}
