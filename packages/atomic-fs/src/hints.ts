import type { AtomicWriteErrorCode } from './errors.ts';

const untouched = 'The file is as it was before, and the temp is gone';

const hints: Partial<Record<AtomicWriteErrorCode, string>> = {
  ENOSPC: `${untouched}. Free space on that disk and write again; replacing a file needs room for both versions`,
  EDQUOT: `${untouched}. The disk quota is used up: free space or ask for more, then write again`,
  EFBIG: `${untouched}. The file would be larger than the file system or the process limit (ulimit -f) allows`,
  EIO: `${untouched}. The device failed; check the disk and the kernel log before you write again`,
  EROFS: 'The file system is mounted read-only: choose another place, or mount it writable',
  EMFILE: 'The process has too many files open: write fewer files at a time, or raise the limit (ulimit -n)',
  ENFILE: 'The whole system has too many files open: close some, or raise the limit (fs.file-max)',
  ENOENT: 'The directory does not exist: create it first',
  ENOTDIR: 'A part of the path is a file, not a directory',
  EISDIR: 'The path is a directory: name a file in it',
  ELOOP: 'The symbolic links on the path lead in a circle: repair them, or name the file itself',
  ENAMETOOLONG: 'The name is longer than the file system allows: choose a shorter one',
  EEXIST: "The name is already taken. Remove that file first, or use flag 'w' to replace it",
  EXDEV:
    'The temp and the file are on two file systems, and a rename cannot cross them: ' +
    "put the temp beside the file, or allow fallback: 'in-place'",
  EBUSY:
    'The file is in use: on Linux it is most likely a mount point (a file mounted into a container), ' +
    "which only fallback: 'in-place' can rewrite; on Windows another program has it open",
  ENXIO: 'Nobody reads from that pipe, socket or device',
  EPIPE: 'The reader closed the pipe: what was written before is lost with it',
  BAD_OPTION: 'See the README of @x/atomic-fs for what is allowed',
  ABORT_ERR: untouched,
  TEMP_CHANGED:
    'Somebody removed or replaced the temp while it was being written. The file is as it was before; ' +
    "write again, with tempName: 'unique' if another program uses that name",
  CLOSED: 'Open the file again to write it again',
};

const permission =
  'Replacing a file needs permission to create files in its directory, not only to write the file: ' +
  'change the permissions, or run as another user';

/** One sentence on what to do. */
export function hintFor(code: AtomicWriteErrorCode, syscall: string | undefined, committed: boolean): string {
  if (committed) {
    return 'The new content is in place, but it may not survive a power cut: write again when the cause is gone';
  }
  if (code === 'EACCES' || code === 'EPERM') return permission;
  return hints[code] ?? `See the cause of this error${syscall === undefined ? '' : ` and ${syscall}(2)`}`;
}
