import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { childNodeArgs } from '@x/vitest-config/child-node';
import { onTestFinished } from 'vitest';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** Starts a program under `fixtures/` that sees the same package; it does not outlive the test. */
export function startFixture(
  name: string,
  args: readonly string[],
  stdout: 'pipe' | number = 'pipe',
): ChildProcess {
  const child = spawn(process.execPath, [...childNodeArgs, fixture(name), ...args], {
    stdio: ['pipe', stdout, 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What became of a program. */
export function resultOf(child: ChildProcess): Promise<Result> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

export const runFixture = (name: string, args: readonly string[]): Promise<Result> =>
  resultOf(startFixture(name, args));

/** Resolves when the program prints that text. */
export const printed = (child: ChildProcess, text: string): Promise<void> => printedOn(child.stdout, text);

export function printedOn(stream: Readable | null, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = '';
    stream?.on('data', (data: Buffer | string) => {
      seen += data.toString();
      if (seen.includes(text)) resolve();
    });
    stream?.on('close', () => reject(new Error(`The program ended without printing ${text}: ${seen}`)));
  });
}
