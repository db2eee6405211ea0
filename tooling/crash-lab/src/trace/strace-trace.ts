import { constants } from 'node:fs';
import { posix } from 'node:path';

import { mutates } from '../preload/calls.mjs';
import { markPrefix } from '../preload/plan.mjs';
import type { Moment, Operation, Outcome, Trace } from './operation.ts';
import { type Syscall, parseStrace, stringBytes, vectorBytes } from './strace-syntax.ts';

/** The calls that `strace` has to list for {@link straceTrace} to understand a program. */
export const tracedSyscalls = [
  'open,openat,openat2,creat,close,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sync,syncfs',
  'sync_file_range,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,mkdir,mkdirat,symlink,symlinkat',
  'chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat,truncate,ftruncate,fallocate,copy_file_range,sendfile',
  'mmap,dup,dup2,dup3,chdir,fchdir,umask,access,faccessat,faccessat2,clone,clone3,utimensat',
].join(',');

type Draft = Pick<Operation, 'name'> & Partial<Operation>;

/** What is known of a process: threads share it. */
interface Process {
  readonly id: number;
  cwd: string;
  umask: number;
  /** Descriptors opened below the root, and directories anywhere, by path. */
  readonly paths: Map<number, string>;
}

/**
 * The trace of a program from the listing that strace made of it.
 *
 * @param root the sandbox; calls that touch nothing below it are left out
 * @param umask of the program when it starts
 */
export function straceTrace(listing: string, root: string, umask: number): Trace {
  const reader = new Reader(root, umask);
  for (const syscall of parseStrace(listing).toSorted((a, b) => a.from - b.from)) reader.take(syscall);
  return reader.trace();
}

class Reader {
  readonly #root: string;
  readonly #umask: number;
  readonly #processes = new Map<number, Process>();
  readonly #moments: { at: number; moment: Moment }[] = [];
  #count = 0;

  constructor(root: string, umask: number) {
    this.#root = root;
    this.#umask = umask;
  }

  trace(): Trace {
    const moments = this.#moments
      .filter(({ at }) => at !== Number.POSITIVE_INFINITY)
      .toSorted((a, b) => a.at - b.at)
      .map(({ moment }) => moment);
    return { moments, acted: [] };
  }

  take(syscall: Syscall): void {
    const process = this.#process(syscall.thread);
    if (this.#follow(syscall, process)) return;
    const draft = describe(syscall, process, this.#root);
    if (draft === undefined) return;
    if (draft.path?.startsWith(markPrefix) === true) {
      this.#moments.push({
        at: syscall.to,
        moment: { at: 'mark', name: draft.path.slice(markPrefix.length) },
      });
      return;
    }
    this.#count += 1;
    const operation: Operation = {
      ...draft,
      call: this.#count,
      pid: process.id,
      thread: syscall.thread,
      mutates: mutates({
        operation: draft.name,
        ...(draft.flags === undefined ? {} : { flags: draft.flags }),
      }),
    };
    const outcome = outcomeOf(syscall, draft, process);
    if (outcome !== undefined) operation.outcome = outcome;
    this.#moments.push({ at: syscall.from, moment: { at: 'begin', operation } });
    // A little later than its own start, when both stand on one line of the listing.
    this.#moments.push({ at: syscall.to + 0.5, moment: { at: 'end', operation } });
  }

  /** Keeps up with what changes the meaning of later calls. @returns whether the call is nothing more than that */
  #follow(syscall: Syscall, process: Process): boolean {
    const { name, args, result } = syscall;
    switch (name) {
      case 'clone':
      case 'clone3':
        if (result !== undefined && result > 0) this.#adopt(result, process, args.join());
        return true;
      case 'chdir':
        if (result === 0) process.cwd = posix.resolve(process.cwd, stringBytes(args[0] ?? '').toString());
        return true;
      case 'fchdir':
        if (result === 0) process.cwd = process.paths.get(Number(args[0])) ?? process.cwd;
        return true;
      case 'umask':
        process.umask = Number.parseInt(args[0] ?? '0', 8);
        return true;
      default:
        return false;
    }
  }

  #process(thread: number): Process {
    const known = this.#processes.get(thread);
    if (known !== undefined) return known;
    const made = { id: thread, cwd: this.#root, umask: this.#umask, paths: new Map<number, string>() };
    this.#processes.set(thread, made);
    return made;
  }

  #adopt(child: number, parent: Process, flags: string): void {
    const shared = flags.includes('CLONE_THREAD');
    this.#processes.set(child, shared ? parent : { ...parent, id: child, paths: new Map(parent.paths) });
  }
}

/** Syscalls on one path, with the position of the path, or of the directory descriptor before it. */
const syscallNames = new Map(
  Object.entries({ fchmodat: 'chmod', fchownat: 'chown', renameat: 'rename', renameat2: 'rename' }),
);

function describe(syscall: Syscall, process: Process, root: string): Draft | undefined {
  const { name, args } = syscall;
  const path = (index: number): string => resolveAt(process, 'AT_FDCWD', args[index]);
  const pathAt = (index: number): string => resolveAt(process, args[index], args[index + 1]);
  const inside = (...paths: string[]): boolean =>
    paths.some((each) => each === root || each.startsWith(`${root}/`) || each.startsWith(markPrefix));
  const about = (draft: Draft): Draft | undefined =>
    inside(...[draft.path, draft.to].filter((each) => each !== undefined)) ? draft : undefined;
  const fd = Number(args[0]);
  const onFd = (draft: Draft): Draft | undefined => (process.paths.has(fd) ? { ...draft, fd } : undefined);
  const plain = syscallNames.get(name) ?? name;

  switch (name) {
    case 'open':
    case 'creat':
    case 'openat':
      return opened(syscall, process, about);
    case 'close':
    case 'fsync':
    case 'fdatasync':
      return onFd({ name });
    case 'write':
    case 'pwrite64':
      return onFd({
        name: 'write',
        data: tracked(process, fd) ? stringBytes(args[1] ?? '') : Buffer.alloc(0),
        position: position(args[3]),
      });
    case 'writev':
    case 'pwritev':
    case 'pwritev2':
      return onFd({
        name: 'write',
        data: tracked(process, fd) ? vectorBytes(args[1] ?? '') : Buffer.alloc(0),
        position: position(args[3]),
      });
    case 'ftruncate':
      return onFd({ name, length: Number(args[1]) });
    case 'fchmod':
      return onFd({ name, mode: Number.parseInt(args[1] ?? '0', 8) });
    case 'fchown':
      return onFd({ name, uid: Number(args[1]), gid: Number(args[2]) });
    case 'rename':
    case 'link':
      return about({ name, path: path(0), to: path(1) });
    case 'renameat':
    case 'renameat2':
      return about({
        name: args[4] === undefined || args[4] === '0' ? 'rename' : name,
        path: pathAt(0),
        to: pathAt(2),
      });
    case 'linkat':
      return about({ name: 'link', path: pathAt(0), to: pathAt(2) });
    case 'unlink':
    case 'rmdir':
      return about({ name, path: path(0) });
    case 'unlinkat':
      return about({
        name: args[2]?.includes('AT_REMOVEDIR') === true ? 'rmdir' : 'unlink',
        path: pathAt(0),
      });
    case 'mkdir':
      return about({ name, path: path(0) });
    case 'mkdirat':
      return about({ name: 'mkdir', path: pathAt(0) });
    case 'symlink':
      return about({ name, linkTarget: stringBytes(args[0] ?? '').toString(), path: path(1) });
    case 'symlinkat':
      return about({ name: 'symlink', linkTarget: stringBytes(args[0] ?? '').toString(), path: pathAt(1) });
    case 'chmod':
      return about({ name, path: path(0), mode: Number.parseInt(args[1] ?? '0', 8) });
    case 'fchmodat':
      return about({ name: plain, path: pathAt(0), mode: Number.parseInt(args[2] ?? '0', 8) });
    case 'chown':
    case 'lchown':
      return about({ name, path: path(0), uid: Number(args[1]), gid: Number(args[2]) });
    case 'fchownat':
      return about({ name: plain, path: pathAt(0), uid: Number(args[2]), gid: Number(args[3]) });
    case 'utimensat':
      return args[1] === 'NULL' ? onFd({ name: 'utimes' }) : about({ name: 'utimes', path: pathAt(0) });
    case 'access':
      return markOnly({ name, path: path(0) });
    case 'faccessat':
    case 'faccessat2':
      return markOnly({ name: 'access', path: pathAt(0) });
    case 'truncate':
      return about({ name, path: path(0) });
    case 'openat2':
      return about({ name, path: pathAt(0) });
    case 'mmap':
      return sharedWritable(args) && process.paths.has(Number(args[4]))
        ? { name, fd: Number(args[4]) }
        : undefined;
    case 'sendfile':
      return onFd({ name });
    case 'copy_file_range':
      return process.paths.has(Number(args[2])) ? { name, fd: Number(args[2]) } : undefined;
    case 'sync':
      return undefined;
    default:
      // fallocate, dup, syncfs, …: real, and without a rule in the model, which will say so.
      return onFd({ name });
  }
}

function opened(
  { name, args, result }: Syscall,
  process: Process,
  about: (draft: Draft) => Draft | undefined,
): Draft | undefined {
  const first = name === 'openat' ? 1 : 0;
  const path = resolveAt(process, name === 'openat' ? args[0] : 'AT_FDCWD', args[first]);
  const flags = name === 'creat' ? creatFlags : openFlagBits(args[first + 1] ?? '');
  const mode = Number.parseInt(args[name === 'creat' ? 1 : first + 2] ?? '0', 8);
  const draft = about({ name: 'open', path, flags, mode });
  if (result !== undefined && result >= 0) {
    if (draft === undefined) process.paths.delete(result);
    else process.paths.set(result, path);
  }
  return draft;
}

const creatFlags = constants.O_CREAT | constants.O_WRONLY | constants.O_TRUNC;

function openFlagBits(text: string): number {
  const names = constants as Readonly<Record<string, number | undefined>>;
  return text.split('|').reduce((bits, name) => bits | (names[name] ?? 0), 0);
}

const markOnly = (draft: Draft): Draft | undefined =>
  draft.path?.startsWith(markPrefix) === true ? draft : undefined;
const tracked = (process: Process, fd: number): boolean => process.paths.has(fd);
const position = (argument: string | undefined): number | null =>
  argument === undefined ? null : Number(argument);
const sharedWritable = (args: readonly string[]): boolean =>
  args[2]?.includes('PROT_WRITE') === true && args[3]?.includes('MAP_SHARED') === true;

/** A path argument, taken relative to a directory descriptor. */
function resolveAt(process: Process, directory: string | undefined, argument: string | undefined): string {
  const text = stringBytes(argument ?? '').toString();
  const base = directory === 'AT_FDCWD' ? process.cwd : (process.paths.get(Number(directory)) ?? process.cwd);
  return posix.resolve(base, text);
}

function outcomeOf(syscall: Syscall, draft: Draft, process: Process): Outcome | undefined {
  const { result, error } = syscall;
  // A descriptor number is free again whatever close says.
  if (draft.name === 'close') process.paths.delete(Number(syscall.args[0]));
  if (result === undefined) return undefined;
  if (error !== undefined) return { error };
  if (draft.name === 'open') return { fd: result, mode: (draft.mode ?? 0) & ~process.umask };
  if (draft.name === 'write') return { written: result };
  return {};
}
