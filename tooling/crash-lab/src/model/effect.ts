/**
 * What a call may leave on the disk, cut into the smallest pieces that a crash can separate.
 *
 * An effect is *pending* from the moment its call begins: a crash may keep it or lose it, whatever happens
 * to any other. It is *settled* once a sync that began after its call had ended has succeeded.
 */
export interface Effect {
  readonly label: string;
  /** The call has come back. A sync that starts earlier than that promises nothing about it. */
  ended: boolean;
  settled: boolean;
  /**
   * A sync that should have covered it failed. The kernel may then have dropped the data and marked the pages
   * clean, so no later sync settles it any more.
   */
  doubtful: boolean;
}

export type InodeId = number;

/** One atomic change of directory entries. A rename is one of these, with two changes. */
export interface EntryEffect extends Effect {
  readonly changes: readonly {
    readonly directory: InodeId;
    readonly name: string;
    readonly inode: InodeId | undefined;
  }[];
  /** The directory whose sync settles it: the one in which the name that matters appears or goes. */
  readonly settledBy: InodeId;
}

/**
 * One change of one inode.
 *
 * - `truncate`: the size becomes `size`, what lay beyond is gone.
 * - `piece`: bytes within one block. A crash keeps all of it, none of it, or its first half.
 * - `extend`: the size grows to one of `sizes` (block by block up to the end of the write).
 * - `mode`, `owner`: as by fchmod and fchown; `fdatasync` does not settle them.
 */
export type InodeEffect = Effect & { readonly inode: InodeId } & (
    | { readonly kind: 'truncate'; readonly size: number }
    | { readonly kind: 'piece'; readonly offset: number; readonly data: Uint8Array }
    | { readonly kind: 'extend'; readonly sizes: readonly number[] }
    | { readonly kind: 'mode'; readonly mode: number }
    | { readonly kind: 'owner'; readonly uid: number; readonly gid: number }
  );

export type FileInode = {
  readonly kind: 'file';
  readonly id: InodeId;
  /** As on the disk before the trace, or as created. */
  readonly content: Uint8Array;
  readonly mode: number;
  readonly effects: InodeEffect[];
};

export type Inode =
  | FileInode
  | { readonly kind: 'directory'; readonly id: InodeId; readonly entries: ReadonlyMap<string, InodeId> }
  | { readonly kind: 'symlink'; readonly id: InodeId; readonly target: string };

const blockSize = 4096;

/** Splits a write into what a crash can separate: the blocks it touches, and the growth of the file. */
export function writeEffects(inode: InodeId, offset: number, data: Uint8Array, label: string): InodeEffect[] {
  const effects: InodeEffect[] = [];
  const sizes: number[] = [];
  const end = offset + data.byteLength;
  for (let start = offset; start < end;) {
    const stop = Math.min(end, (Math.floor(start / blockSize) + 1) * blockSize);
    effects.push({
      ...fresh(`${label}, bytes ${start}–${stop}`),
      inode,
      kind: 'piece',
      offset: start,
      data: data.subarray(start - offset, stop - offset),
    });
    sizes.push(stop);
    start = stop;
  }
  effects.push({ ...fresh(`${label}, growth`), inode, kind: 'extend', sizes });
  return effects;
}

export function fresh(label: string): Effect {
  return { label, ended: false, settled: false, doubtful: false };
}
