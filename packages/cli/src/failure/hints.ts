/**
 * What to do about a failure, in the words of the command line. The packages below give advice to
 * people who call them from a program; where the command has an option for it, it says so instead.
 */
const hints: Readonly<Record<string, string>> = {
  DESTINATION_NOT_FOUND: 'make it first, or let --mkdirs make it',
  DESTINATION_IS_DIRECTORY: 'name the file to write in it, or use x bulk for many files',
  SOURCE_IS_DIRECTORY: 'name one file in it, or use x bulk for all of them',
  SAME_FILE: 'leave out --no-atomic: a file can take its own place when that happens in one step',
  UNKNOWN_FORMAT: 'say what it is with --from or --to; x formats lists what there is',
  NAME_CONTRADICTS_CONTENT: 'rename the file, or say what it is with --from, as in --from csv.gz',
  INVALID_TEXT: 'say how the file is encoded, as in --encoding latin1 or --encoding windows-1252',
  RAGGED_ROW: 'mend the row, or choose --on-ragged pad|truncate|skip, or --on-error skip --rejects bad.jsonl',
  EXTRA_KEY: 'look at more rows with --scan-limit all, or leave new columns out with --on-extra-key drop',
  RUN_IN_PROGRESS: 'go on with it by x run resume, or take its folder with --takeover',
  EACCES: 'it takes the right to make files in that folder: the new file grows beside the old one',
  ENOSPC: 'free space on that disk and run it again; for a while it holds the old file and the new one',
};

/** What the system's own codes mean; the messages that come with them speak of calls and temps. */
const problems: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EIO: 'the disk reports an error',
};

/** @param own What the error itself says. */
export function problemOf(code: string | undefined, own: string): string {
  return (code === undefined ? undefined : problems[code]) ?? own;
}

/** @param own What the error itself advises. */
export function hintOf(code: string | undefined, own: string | undefined): string | undefined {
  // What is so near to something known is more likely than all that is possible.
  if (own?.startsWith('did you mean')) return own;
  return (code === undefined ? undefined : hints[code]) ?? own;
}
