/**
 * Everything this package asks of the world outside: the file-system calls, the clock, the umask.
 *
 * Each call exists in a blocking and in a promised form with the same arguments, so that one
 * description of the work (see `steps.ts`) runs in either way. A test or the crash lab passes its
 * own host to see, fail or reorder any call, or to play another platform; nothing global is patched.
 */
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

export interface SyncCalls {
  /** Undefined if there is nothing. */
  lstat(path: string): BigIntStats | undefined;
  /** Follows links. */
  stat(path: string): BigIntStats;
  fstat(fd: number): BigIntStats;
  readlink(path: string): string;
  /** `flags` as in node:fs: `wx`, `r`, … or a number. */
  open(path: string, flags: string | number, mode: number): number;
  close(fd: number): void;
  read(fd: number, buffer: Uint8Array, offset: number, length: number, position: number | null): number;
  /** At the descriptor's own position. Gives the bytes written, which may be fewer than asked for. */
  write(fd: number, buffer: Uint8Array, offset: number, length: number): number;
  /** At the descriptor's own position. Gives the bytes written, which may be fewer than asked for. */
  writev(fd: number, buffers: readonly Uint8Array[]): number;
  ftruncate(fd: number, length: number): void;
  /** −1 leaves the owner or the group as it is. */
  fchown(fd: number, uid: number, gid: number): void;
  fchmod(fd: number, mode: number): void;
  fsync(fd: number): void;
  rename(from: string, to: string): void;
  link(existing: string, path: string): void;
  unlink(path: string): void;
  symlink(target: string, path: string, type: 'dir' | 'file' | 'junction' | undefined): void;
  /** The names in a directory, without `.` and `..`. */
  readdir(path: string): string[];
  /** A whole small text file: those under `/proc` tell of processes. */
  readText(path: string): string;
  /** The process' file mode creation mask. */
  umask(): number;
  /** The user whose rights the process has; 0 where there are no users. */
  effectiveUser(): number;
  /** Whether there is a process of that id, whoever owns it. */
  processExists(pid: number): boolean;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970, to compare with the times of files. */
  time(): number;
  /** Waits that many milliseconds; `signal` ends the wait early, by rejection, where waiting is asynchronous. */
  sleep(milliseconds: number, signal: AbortSignal | undefined): void;
}

export type CallName = keyof SyncCalls;

type Promised<F> = F extends (...args: infer A) => infer R ? (...args: A) => Promise<R> | R : never;

export type AsyncCalls = { [N in CallName]: Promised<SyncCalls[N]> } & {
  /** As `open`, for the descriptors that a caller sees as a {@link FileHandle}. */
  openHandle(path: string, flags: string | number, mode: number): Promise<FileHandle>;
  closeHandle(handle: FileHandle): Promise<void>;
};

export interface Host {
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  readonly sync: SyncCalls;
  readonly async: AsyncCalls;
}
