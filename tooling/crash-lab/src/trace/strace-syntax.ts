/** One system call as strace prints it, put together again where it was interrupted in the listing. */
export interface Syscall {
  readonly thread: number;
  readonly name: string;
  /** As printed: `21`, `"\x2f…"`, `O_WRONLY|O_CREAT`, `[{iov_base=…}]`. */
  readonly args: readonly string[];
  /** Undefined where it never came back. */
  readonly result?: number;
  readonly error?: string;
  readonly injected: boolean;
  /** Lines of the listing at which it starts and ends; the second is infinite where it never came back. */
  readonly from: number;
  readonly to: number;
}

const wholeLine = /^(\d+) +(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+|\?)(?: (E[A-Z0-9]+) \([^)]*\))?(?: .*)?$/s;
const unfinishedLine = /^(\d+) +(\w+)\((.*?)\s*<unfinished \.\.\.>(?:\) += \?)?$/s;
const resumedLine = /^(\d+) +<\.\.\. (\w+) resumed>(.*)$/s;

/** Reads a listing of `strace -f -o`. Signals and exits, which are not calls, are passed over. */
export function parseStrace(text: string): Syscall[] {
  const calls: Syscall[] = [];
  const unfinished = new Map<string, { line: string; from: number }>();
  for (const [index, line] of text.split('\n').entries()) {
    const paused = unfinishedLine.exec(line);
    if (paused !== null) {
      unfinished.set(paused[1] ?? '', { line: `${paused[1]} ${paused[2]}(${paused[3]}`, from: index });
      continue;
    }
    const resumed = resumedLine.exec(line);
    const start = resumed === null ? undefined : unfinished.get(resumed[1] ?? '');
    if (resumed !== null && start === undefined) {
      throw new Error(`Line ${index + 1} of the strace listing resumes a call that never started`);
    }
    if (resumed !== null) unfinished.delete(resumed[1] ?? '');
    const joined = start === undefined ? line : `${start.line}${resumed?.[3] ?? ''}`;
    const call = parseCall(joined, start?.from ?? index, index);
    if (call !== undefined) calls.push(call);
  }
  for (const { line, from } of unfinished.values()) {
    const call = parseCall(`${line}) = ?`, from, Number.POSITIVE_INFINITY);
    if (call !== undefined) calls.push(call);
  }
  return calls;
}

function parseCall(line: string, from: number, to: number): Syscall | undefined {
  const match = wholeLine.exec(line);
  if (match === null) return undefined;
  const [, thread, name = '', args = '', result, error] = match;
  return {
    thread: Number(thread),
    name,
    args: splitArguments(args),
    ...(result === '?' ? {} : { result: Number(result) }),
    ...(error === undefined ? {} : { error }),
    injected: line.endsWith('(INJECTED)'),
    from,
    to: result === '?' ? Number.POSITIVE_INFINITY : to,
  };
}

/** Splits at the commas that stand in no string and in no bracket. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{' || character === '(') depth += 1;
    else if (character === ']' || character === '}' || character === ')') depth -= 1;
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, index).trim());
      start = index + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === '' && parts.length === 0 ? [] : [...parts, last];
}

/** The bytes of a string argument printed with `-xx`, where every byte is `\xhh`. */
export function stringBytes(argument: string): Buffer {
  const match = /^"((?:\\x[0-9a-f]{2})*)"$/.exec(argument);
  if (match === null) throw new Error(`Not a whole string of \\xhh: ${argument.slice(0, 60)}`);
  return Buffer.from((match[1] ?? '').replaceAll(String.raw`\x`, ''), 'hex');
}

/** The bytes of an I/O vector, `[{iov_base="…", iov_len=5}, …]`. */
export function vectorBytes(argument: string): Buffer {
  const bases = argument.match(/iov_base="(?:\\x[0-9a-f]{2})*"/g) ?? [];
  return Buffer.concat(bases.map((base) => stringBytes(base.slice('iov_base='.length))));
}
