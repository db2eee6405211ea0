import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test as base } from 'vitest';

import { childNodeArgs, programPath } from '@x/vitest-config/child-node';

const program = programPath(join(import.meta.dirname, '..'), 'main');

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
  const child = spawn(process.execPath, [...childNodeArgs, program, ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const ended = (async (): Promise<Ended> => {
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { code, stdout, stderr };
  })();
  return { child, ended };
}

/** `test` with an empty folder, and `x` to run the command in it. */
export const test = base.extend<{ folder: string; x: (...words: readonly string[]) => Promise<Ended> }>({
  folder: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'cli-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  x: async ({ folder }, use) => {
    await use((...words) => start(folder, ...words).ended);
  },
});
