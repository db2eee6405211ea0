import { constants } from 'node:fs';

import { type Moment, type Operation, describeOperation } from '../trace/operation.ts';
import { Disk, type Place, UnmodelledError } from './disk.ts';
import { type Effect, type InodeEffect, type InodeId, fresh, writeEffects } from './effect.ts';

interface Descriptor {
  readonly inode: InodeId;
  readonly flags: number;
  offset: number;
}

const {
  O_ACCMODE = 3,
  O_APPEND,
  O_CREAT,
  O_DSYNC,
  O_EXCL,
  O_RDONLY,
  O_SYNC,
  O_TRUNC,
} = constants as typeof constants & { O_ACCMODE?: number };

/**
 * Runs the calls of a trace against a {@link Disk}.
 *
 * The effects of a call appear when it begins, because from then on a crash may find them, and can be settled
 * by a sync that begins after the call has ended. A call that failed has no effects; one that never came back
 * may have had all of them.
 */
export class Replay {
  readonly disk: Disk;
  readonly #descriptors = new Map<string, Descriptor>();
  readonly #effectsOf = new Map<Operation, readonly Effect[]>();
  readonly #covered = new Map<Operation, readonly Effect[]>();
  /** Breaches of order that no crash state shows on this system, but that break the promise on another. */
  readonly remarks: string[] = [];

  constructor(disk: Disk) {
    this.disk = disk;
  }

  advance(moment: Moment): void {
    if (moment.at === 'mark') return;
    const { operation } = moment;
    if (moment.at === 'begin') {
      if (operation.outcome?.error === undefined) this.#effectsOf.set(operation, this.#begin(operation));
      else if (isSync(operation)) this.#covered.set(operation, this.#coveredBy(operation));
      return;
    }
    for (const effect of this.#effectsOf.get(operation) ?? []) effect.ended = true;
    this.#end(operation);
  }

  #begin(operation: Operation): readonly Effect[] {
    const label = describeOperation(operation);
    switch (operation.name) {
      case 'open':
        return this.#open(operation, label);
      case 'write':
        return this.#write(operation, label);
      case 'ftruncate':
        return [
          this.#alter({
            ...fresh(label),
            inode: this.#at(operation).inode,
            kind: 'truncate',
            size: operation.length ?? 0,
          }),
        ];
      case 'fchmod':
        return this.#setMode(this.#at(operation).inode, operation, label);
      case 'chmod':
        return this.#setMode(this.#existing(operation.path, true), operation, label);
      case 'fchown':
        return this.#setOwner(this.#at(operation).inode, operation, label);
      case 'chown':
      case 'lchown':
        return this.#setOwner(this.#existing(operation.path, operation.name === 'chown'), operation, label);
      case 'rename':
        return this.#rename(operation, label);
      case 'link':
        return this.#enter(operation.to, this.#existing(operation.path, false), label);
      case 'symlink':
        return this.#enter(operation.path, this.disk.addSymlink(operation.linkTarget ?? ''), label);
      case 'unlink':
      case 'rmdir':
        return this.#enter(operation.path, undefined, label);
      case 'mkdir':
      case 'mkdtemp':
        return this.#mkdir(operation, label);
      case 'fsync':
      case 'fdatasync':
        this.#covered.set(operation, this.#coveredBy(operation));
        return [];
      case 'close':
      case 'utimes':
        return [];
      default:
        if (!operation.mutates) return [];
        throw new UnmodelledError(`There is no rule for ${label}`);
    }
  }

  #end(operation: Operation): void {
    const { outcome } = operation;
    const key = descriptorKey(operation, operation.fd);
    if (operation.name === 'close') this.#descriptors.delete(key);
    if (isSync(operation)) {
      this.disk.settle(this.#covered.get(operation) ?? [], outcome?.error === undefined);
      return;
    }
    const descriptor = this.#descriptors.get(key);
    if (operation.name === 'write' && outcome?.error === undefined && descriptor !== undefined) {
      // With O_SYNC every write is its own sync.
      if ((descriptor.flags & (O_SYNC | O_DSYNC)) !== 0) {
        this.disk.settle(this.#effectsOf.get(operation) ?? [], true);
      }
    }
  }

  #coveredBy(operation: Operation): readonly Effect[] {
    const { inode } = this.#at(operation);
    if (this.disk.inodes[inode]?.kind === 'directory') {
      return this.disk.entryEffects.filter((effect) => effect.settledBy === inode && effect.ended);
    }
    const effects = this.disk.file(inode).effects.filter((effect) => effect.ended);
    return operation.name === 'fsync'
      ? effects
      : effects.filter((effect) => effect.kind !== 'mode' && effect.kind !== 'owner');
  }

  #open(operation: Operation, label: string): readonly Effect[] {
    const flags = operation.flags ?? O_RDONLY;
    const place = this.disk.find(operation.path ?? '', (flags & O_EXCL) === 0);
    let { inode } = place;
    const effects: Effect[] = [];
    if (inode === undefined) {
      if ((flags & O_CREAT) === 0)
        throw new UnmodelledError(`${label} opened a file that the trace never made`);
      inode = this.disk.addFile(new Uint8Array(), operation.outcome?.mode ?? operation.mode ?? 0o600).id;
      effects.push(this.#enterAt(place, inode, label));
    } else if ((flags & O_TRUNC) !== 0 && (flags & O_ACCMODE) !== O_RDONLY && this.disk.liveSize(inode) > 0) {
      effects.push(this.#alter({ ...fresh(label), inode, kind: 'truncate', size: 0 }));
    }
    const fd = operation.outcome?.fd;
    if (fd !== undefined) this.#descriptors.set(descriptorKey(operation, fd), { inode, flags, offset: 0 });
    return effects;
  }

  #write(operation: Operation, label: string): readonly Effect[] {
    const descriptor = this.#at(operation);
    const data = operation.data?.subarray(0, operation.outcome?.written) ?? new Uint8Array();
    const positioned = typeof operation.position === 'number';
    const offset =
      (descriptor.flags & O_APPEND) !== 0
        ? this.disk.liveSize(descriptor.inode)
        : positioned
          ? (operation.position ?? 0)
          : descriptor.offset;
    if (!positioned) descriptor.offset = offset + data.byteLength;
    const effects = writeEffects(descriptor.inode, offset, data, label);
    return effects.map((effect) => this.#alter(effect));
  }

  #rename(operation: Operation, label: string): readonly Effect[] {
    const from = this.disk.find(operation.path ?? '', false);
    const to = this.disk.find(operation.to ?? '', false);
    if (from.inode === undefined)
      throw new UnmodelledError(`${label} moved a file that the trace never made`);
    // Two names of one file: rename does nothing.
    if (from.inode === to.inode) return [];
    this.#remarkOpenWriter(from.inode, label);
    return [
      this.disk.change(
        [
          { directory: to.directory, name: to.name, inode: from.inode },
          { directory: from.directory, name: from.name, inode: undefined },
        ],
        to.directory,
        label,
      ),
    ];
  }

  /** Windows refuses to replace by a file that is open, and on every system more can still be written to it. */
  #remarkOpenWriter(inode: InodeId, label: string): void {
    const writable = [...this.#descriptors.values()].some(
      (descriptor) => descriptor.inode === inode && (descriptor.flags & O_ACCMODE) !== O_RDONLY,
    );
    if (writable) this.remarks.push(`${label}: published while it was still open for writing`);
  }

  #mkdir(operation: Operation, label: string): readonly Effect[] {
    const path = operation.outcome?.made ?? operation.path ?? '';
    if (operation.recursive === true && operation.outcome?.made === undefined) return [];
    if (operation.recursive !== true || path === operation.path) {
      return this.#enter(path, this.disk.addDirectory(), label);
    }
    // `made` is the topmost new directory: everything from there down to the path asked for is new.
    const below = (operation.path ?? '')
      .slice(path.length)
      .split('/')
      .filter((part) => part !== '');
    const paths = below.map((_, depth) => `${path}/${below.slice(0, depth + 1).join('/')}`);
    return [path, ...paths].flatMap((each) => this.#enter(each, this.disk.addDirectory(), label));
  }

  #setMode(inode: InodeId, operation: Operation, label: string): readonly Effect[] {
    if (this.disk.inodes[inode]?.kind !== 'file') return [];
    return [this.#alter({ ...fresh(label), inode, kind: 'mode', mode: operation.mode ?? 0 })];
  }

  #setOwner(inode: InodeId, operation: Operation, label: string): readonly Effect[] {
    if (this.disk.inodes[inode]?.kind !== 'file') return [];
    return [
      this.#alter({
        ...fresh(label),
        inode,
        kind: 'owner',
        uid: operation.uid ?? -1,
        gid: operation.gid ?? -1,
      }),
    ];
  }

  #enter(path: string | undefined, inode: InodeId | undefined, label: string): readonly Effect[] {
    return [this.#enterAt(this.disk.find(path ?? '', false), inode, label)];
  }

  #enterAt(place: Place, inode: InodeId | undefined, label: string): Effect {
    const { directory, name } = place;
    return this.disk.change([{ directory, name, inode }], directory, label);
  }

  #alter(effect: InodeEffect): InodeEffect {
    return this.disk.alter(effect);
  }

  #existing(path: string | undefined, follow: boolean): InodeId {
    const { inode } = this.disk.find(path ?? '', follow);
    if (inode === undefined) throw new UnmodelledError(`${path} is used but the trace never made it`);
    return inode;
  }

  #at(operation: Operation): Descriptor {
    const descriptor = this.#descriptors.get(descriptorKey(operation, operation.fd));
    if (descriptor === undefined) {
      throw new UnmodelledError(
        `${describeOperation(operation)} uses a descriptor that the trace never opened`,
      );
    }
    return descriptor;
  }
}

const isSync = ({ name }: Operation): boolean => name === 'fsync' || name === 'fdatasync';

/** Threads share the descriptors of their process. */
const descriptorKey = (operation: Operation, fd: number | undefined): string => `${operation.pid}.${fd}`;
