import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { onTestFinished, test as base } from 'vitest';

import { childNodeArgs, programPath } from '@x/vitest-config/child-node';

const program = programPath(join(import.meta.dirname, '..'), 'main');
const command = [process.execPath, ...childNodeArgs, program];
// What the machine has set must not change what the tests see.
const { NO_COLOR: _n, FORCE_COLOR: _f, ...inherited } = process.env;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts the real command in a process of its own. */
export function start(folder: string, ...words: readonly string[]): Running {
  return running([...command, ...words], folder);
}

/** What is loaded before the command: a program under `fixtures/`, and what it is told. */
export interface Preloaded {
  readonly file: string;
  readonly told?: Readonly<Record<string, string>>;
}

const environmentOf = ({ file, told }: Preloaded): NodeJS.ProcessEnv => {
  const { href } = pathToFileURL(join(import.meta.dirname, 'fixtures', file));
  return { NODE_OPTIONS: `--import ${href}`, ...told };
};

/** The same with something loaded before it. */
export function startPreloaded(preloaded: Preloaded, folder: string, ...words: readonly string[]): Running {
  return running([...command, ...words], folder, environmentOf(preloaded));
}

/** Starts a shell, in which `x` is the real command. */
export function startShell(folder: string, script: string): Running {
  const quoted = command.map((word) => `'${word}'`).join(' ');
  return running(['bash', '-c', `x() { ${quoted} "$@"; }\n${script}`], folder);
}

/** Starts the real command on a terminal of 100 columns; what is written to the child is typed there. */
export function startOnTerminal(folder: string, words: readonly string[], preloaded?: Preloaded): Running {
  const line = [...command, ...words].map((word) => `'${word}'`).join(' ');
  const typed = `stty cols 100 rows 30; exec ${line}`;
  return running(['script', '-qefc', typed, '/dev/null'], folder, {
    TERM: 'xterm',
    SHELL: '/bin/sh',
    ...(preloaded && environmentOf(preloaded)),
  });
}

function running([file, ...args]: readonly string[], folder: string, env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(file!, args, {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A test leaves nothing in the folders of the one who runs it.
    env: { ...inherited, NODE_DISABLE_COMPILE_CACHE: '1', ...env },
  });
  // One that a failed test has left would wait for ever.
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = (async (): Promise<Ended> => {
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { code, stdout, stderr };
  })();
  return { child, ended };
}

/** `test` with an empty folder, `x` to run the command in it, and `shell` for a line of shell. */
export const test = base.extend<{
  folder: string;
  x: (...words: readonly string[]) => Promise<Ended>;
  shell: (script: string) => Promise<Ended>;
}>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'cli-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  x: async ({ folder }, use) => {
    await use((...words) => {
      const { child, ended } = start(folder, ...words);
      child.stdin!.end();
      return ended;
    });
  },
  shell: async ({ folder }, use) => {
    await use((script) => {
      const { child, ended } = startShell(folder, script);
      child.stdin!.end();
      return ended;
    });
  },
});
