import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { type AddressInfo } from 'node:net';

import { onTestFinished, type TestContext } from 'vitest';

import { scratchFolder } from './scratch.ts';

export interface RedisServer {
  readonly url: string;
  command(...words: string[]): string;
  /** As a machine that loses power: nothing is said to anybody. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** A server of the test's own, with a log of its queue; skips the test where there is none. */
export async function redisServer(
  context: TestContext,
  settings: readonly string[] = ['--appendonly', 'yes'],
) {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    context.skip('needs redis-server (Debian: apt-get install redis-server)');
  }
  const folder = scratchFolder();
  const port = String(await freePort());
  const start = async () => {
    const args = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings];
    const process = spawn('redis-server', args, { stdio: 'ignore' });
    await once(process, 'spawn');
    for (;;) {
      try {
        if (/^(?:PONG$|NOAUTH)/.test(command('ping'))) return process;
      } catch {
        // Lets the event of its end come in.
        await new Promise(setImmediate);
        if (process.exitCode !== null) throw new Error(`redis-server ended with ${process.exitCode}`);
      }
    }
  };
  const command = (...words: string[]): string =>
    execFileSync('redis-cli', ['-p', port, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  let server = await start();
  const kill = async (): Promise<void> => {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  onTestFinished(async () => {
    if (server.exitCode === null && server.signalCode === null) await kill();
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    command,
    kill,
    start: async () => {
      server = await start();
    },
  } satisfies RedisServer;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
