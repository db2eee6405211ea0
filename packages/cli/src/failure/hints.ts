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
  RAGGED_ROW: 'mend the row, or choose --on-ragged pad|truncate|skip, or --on-error skip --rejects bad.jsonl',
  EXTRA_KEY: 'look at more rows with --scan-limit all, or leave new columns out with --on-extra-key drop',
  ENOSPC: 'free space on that disk and run it again; for a while it holds the old file and the new one',
};

/** @param own What the error itself advises. */
export function hintOf(code: string | undefined, own: string | undefined): string | undefined {
  return (code === undefined ? undefined : hints[code]) ?? own;
}
