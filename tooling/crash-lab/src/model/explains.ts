import { type Tree, treeOf } from '../sandbox.ts';
import type { Trace } from '../trace/operation.ts';
import { differences } from '../tree-check.ts';
import { Disk } from './disk.ts';
import type { InodeId } from './effect.ts';
import { Replay } from './replay.ts';
import { variantsOf } from './variants.ts';

/**
 * Whether a trace accounts for what a run did: replayed with nothing lost, it must end in the tree that the
 * run left. Where it does not, the recorder missed a call, and nothing may be concluded from the trace.
 *
 * @returns the paths that differ
 */
export function unexplained(trace: Trace, root: string, start: Tree, end: Tree): string[] {
  const disk = new Disk(root, start);
  const replay = new Replay(disk);
  for (const moment of trace.moments) replay.advance(moment);
  return differences(liveTree(disk, 0), end);
}

/** With a limit of one combination there is only the one in which nothing is lost. */
const nothingLost = 1;

function liveTree(disk: Disk, directory: InodeId): Tree {
  return treeOf(
    [...disk.liveEntries(directory)].map(([name, id]) => {
      const inode = disk.inodes[id];
      if (inode?.kind === 'directory') return [name, { entries: liveTree(disk, id) }] as const;
      if (inode?.kind === 'symlink') return [name, { target: inode.target }] as const;
      const [variant] = variantsOf(disk.file(id), nothingLost, { below: () => 0 }).variants;
      return [name, { content: variant?.content ?? new Uint8Array(), mode: variant?.mode ?? 0 }] as const;
    }),
  );
}
