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
  THREAD_LOST: 'convert fewer files at a time with -j, which takes less memory and fewer open files',
  MANIFEST_NOT_WRITTEN:
    'mend that and run again; until then only what is told here says what became of each file',
  RUN_IN_PROGRESS: 'go on with it by x run resume, or take its folder with --takeover',
  EBUSY:
    'it is a mount point, as in a container, or another program has it open; --no-atomic writes into the file itself',
  TEMP_CHANGED:
    'another program has removed or replaced the new file while it grew, perhaps another x: wait for it, and run this again',
  EACCES:
    'it takes the right to make files in that folder, where the new one grows; with --no-atomic, to write the file itself',
  ENOSPC:
    'free space on that disk and run it again; without --no-atomic it holds the old file and the new one for a while',
};

/** What the system's own codes mean; the messages that come with them speak of calls and temps. */
const problems: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EIO: 'the disk reports an error',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'the path is longer than the system allows',
};

/** @param own What the error itself says. */
export function problemOf(code: string | undefined, own: string): string {
  return (code === undefined ? undefined : problems[code]) ?? inFlags(own);
}

/** @param own What the error itself advises. */
export function hintOf(code: string | undefined, own: string | undefined): string | undefined {
  // What is so near to something known is more likely than all that is possible.
  const isSure = own?.startsWith('did you mean') === true;
  const hint = isSure || code === undefined ? undefined : hints[code];
  return hint ?? (own === undefined ? undefined : inFlags(own));
}

/** Options of the library that have a flag of their own; the others are the format's. */
const flags: Readonly<Record<string, string>> = {
  'from.format': '--from',
  'from.codec': '--from-codec',
  'from.delimiter': '--delimiter',
  'from.encoding': '--encoding',
  'to.format': '--to',
  'to.codec': '--to-codec',
  'to.level': '--level',
  'to.threads': '--threads',
};

/** Those of all formats, and of many files, that have one of the same name. */
const ownFlags = new Set(['onRagged', 'onExtraKey', 'onError', 'onExists', 'preserveDirs']);

/** Options of formats that are for writing; the other ones that are advised are for reading. */
const forWriting = new Set(['onUnheld']);

/**
 * Options as people type them here: `from.delimiter` is `--delimiter`, `preserveDirs: true` is `--preserve-dirs`,
 * and `endMark: 'optional'` `--from-option endMark=optional`.
 */
function inFlags(text: string): string {
  return text
    .replace(/^(\S+) has no option (from|to)\.(\S+)$/, '--$2-option $3: $1 has no such option')
    .replace("rename: { '': 'name' }", `--rename '""=name'`)
    .replace('leave the names out with header: false', 'leave the names out with --to-option header=false')
    .replace('header: false', '--no-header')
    .replaceAll(
      /\b(from|to)\.(\w+)/g,
      (name, side: string, option: string) => flags[name] ?? `--${side}-option ${option}`,
    )
    .replaceAll(/\b([a-z]+[A-Z]\w*): (?:true|'(\w+)')/g, (_all, name: string, value?: string) => {
      if (!ownFlags.has(name))
        return `--${forWriting.has(name) ? 'to' : 'from'}-option ${name}=${value ?? true}`;
      const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      return value === undefined ? flag : `${flag} ${value}`;
    });
}
