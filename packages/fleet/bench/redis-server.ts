import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

export interface RedisServer {
  readonly url: string;
  /** A number of `INFO`. */
  info(name: string): number;
  stop(): Promise<void>;
}

/** Whether there is one (Debian: `apt-get install redis-server`). */
export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A server with a log of its queue, synced every second, in a folder. */
export async function startRedis(folder: string): Promise<RedisServer> {
  const port = String(await freePort());
  const settings = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
  ];
  const server = spawn('redis-server', settings, { stdio: 'ignore' });
  await once(server, 'spawn');
  const command = (...words: readonly string[]): string =>
    execFileSync('redis-cli', ['-p', port, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  for (;;) {
    try {
      if (command('ping').trim() === 'PONG') break;
    } catch {
      // Lets the event of its end come in.
      await new Promise(setImmediate);
      if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
    }
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    info: (name) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(command('info', 'all'))![1]),
    stop: async () => {
      const ended = once(server, 'exit');
      server.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
