import { spawn } from 'node:child_process';

/** How a child process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** It was still running at the deadline, and was killed by the lab. */
  readonly hung: boolean;
}

/** A child process that is expected to end by itself. */
export interface Child {
  readonly pid: number;
  readonly exit: Promise<Exit>;
  /** Its standard output so far, as it comes. */
  kill(): void;
}

/**
 * A process that takes longer than this counts as hung. No run takes a tenth of it on an idle machine, so a
 * busy one does not turn a pass into a failure.
 */
export const hangMs = 60_000;

export interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Starts a program without a shell, with nothing on its standard input. */
export function start(command: readonly string[], options: StartOptions): Child {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let hung = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exit = new Promise<Exit>((resolve, reject) => {
    const deadline = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, options.timeoutMs ?? hangMs);
    child.once('error', (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(deadline);
      resolve({ code, signal, stdout, stderr, hung });
    });
  });
  return { pid: child.pid ?? -1, exit, kill: () => child.kill('SIGKILL') };
}

/** Runs tasks, at most `width` of them at a time; gives the results in the order of the tasks. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      // oxlint-disable-next-line no-await-in-loop -- that is what bounds the width
      results[next[0]] = await task(next[1]);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, width) }, worker));
  return results;
}
