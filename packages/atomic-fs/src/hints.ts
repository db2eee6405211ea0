import type { AtomicWriteErrorCode } from './error-codes.ts';

const hints: Partial<Record<AtomicWriteErrorCode, string>> = {
  ENOSPC: 'Free space on that disk and write again: replacing a file needs room for both versions',
  EDQUOT: 'The disk quota is used up: free space or ask for more, then write again',
  EFBIG: 'The file would be larger than the file system or the process limit (ulimit -f) allows',
  EIO: 'The device failed: check the disk and the kernel log before writing again',
  EROFS: 'The file system is mounted read-only: choose another place, or mount it writable',
  EMFILE: 'The process has too many files open: write fewer at a time, or raise the limit (ulimit -n)',
  ENFILE: 'The whole system has too many files open: close some, or raise the limit (fs.file-max)',
  ENOENT: 'A directory on the path does not exist, or the file was removed: create it first',
  ENOTDIR: 'A part of the path is a file, not a directory: correct the path',
  EISDIR: 'The path is a directory: name a file in it',
  ELOOP: 'The symbolic links on the path lead in a circle: repair them, or name the file itself',
  ENAMETOOLONG: 'The name is longer than the file system allows: choose a shorter one',
  EEXIST: "The name is taken: remove that file first, or let it be replaced (flag: 'w')",
  EXDEV:
    'The temp and the file are on two file systems, which no rename can cross: ' +
    "leave the temp beside the file, or allow fallback: 'in-place'",
  EBUSY:
    "The file is in use. On Linux it is a mount point, as in a container: allow fallback: 'in-place'. " +
    'On Windows another program has it open: close that',
  ENXIO: 'Nobody reads from that pipe, socket or device: start its reader first',
  EPIPE: 'The reader has closed the pipe: see why it ended',
  EBADF: 'That descriptor is not open for writing: see how the process was started',
  ENOTSUP: 'That cannot be done with this kind of file: name a regular one',
  BAD_OPTION: 'The README of @x/atomic-fs lists what is allowed',
  ABORT_ERR: 'Write again if that was not intended',
  TEMP_CHANGED:
    'Another program removed or replaced the temp while it was being written: ' +
    "find that program, or use tempName: 'unique', and write again",
  CLOSED: 'Open the file again to write it again',
};

const permission =
  'Replacing a file takes permission to create files in its directory, not only to write the file: ' +
  'change the permissions, or run as another user';

const tempTaken =
  'Another run may be writing the same file: wait for it. If none is, remove that temp, ' +
  "or write with onTempExists: 'recover'";

const noHardLinks =
  "flag: 'wx' publishes by a hard link, which this file system may not have: use flag: 'w', " +
  'or check the permissions of the directory';

/** One or two sentences on what to do. */
export function hintFor(code: AtomicWriteErrorCode, syscall: string | undefined, committed: boolean): string {
  if (committed) return 'Until it is written again, the new content may not survive a power cut';
  if (code === 'EPERM' && syscall === 'link') return noHardLinks;
  if (code === 'EEXIST' && syscall === 'open') return tempTaken;
  if (code === 'EACCES' || code === 'EPERM') return permission;
  return hints[code] ?? `See the cause of this error${syscall === undefined ? '' : ` and ${syscall}(2)`}`;
}
