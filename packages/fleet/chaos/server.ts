import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export function isRedisInstalled(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Where there is no server, for whoever skips what needs one. */
export const howToInstall = 'redis-server (Debian: apt-get install redis-server)';

/** A server that can be killed and started again, with what it has written of its queue. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, settings: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#settings = settings;
  }

  /** @param settings As on its command line, beside port and folder. It keeps a log of its queue by default. */
  static async start(
    folder: string,
    settings: readonly string[] = ['--bind', '127.0.0.1', '--appendonly', 'yes'],
  ): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), folder, settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, unless it runs, and waits until it answers, or is killed. */
  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--dir', this.#folder, '--save', '', ...this.#settings];
    const process = (this.#process ??= spawn('redis-server', args, { stdio: 'ignore' }));
    while (process.signalCode === null) {
      if (process.exitCode !== null) throw new Error(`redis-server ended with ${process.exitCode}`);
      try {
        if (/^(?:PONG$|NOAUTH)/.test(this.command('ping'))) return;
      } catch {
        // It is not there yet.
      }
      await wait(20);
    }
  }

  /** As a machine that loses power: nothing is said to anybody. */
  async kill(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  }

  /** Its answer. Throws where there is none. */
  readonly command = (...words: readonly string[]): string =>
    execFileSync('redis-cli', ['-p', String(this.port), ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 10_000,
    }).trim();

  /** A number of what it tells of itself. */
  info(name: string): number {
    return Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(this.command('info', 'all'))![1]);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
