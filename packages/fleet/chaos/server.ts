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

/** A server that can be killed and started again, with what it has written of its queue. */
export class ChaosServer {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  static async make(folder: string): Promise<ChaosServer> {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    return new ChaosServer(port, folder);
  }

  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--dir', this.#folder, '--save', '', '--appendonly', 'yes'];
    // For the namespaces of the workers; what listens there is reached from this machine alone.
    args.push('--appendfsync', 'always', '--protected-mode', 'no', '--loglevel', 'warning');
    this.#process = spawn('redis-server', args, { stdio: 'ignore' });
    while (this.command('ping') !== 'PONG') await wait(20);
  }

  async kill(): Promise<void> {
    if (this.#process === undefined) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
    this.#process = undefined;
  }

  /** Its answer; undefined where there is none. */
  command(...words: readonly string[]): string | undefined {
    try {
      return execFileSync('redis-cli', ['-p', String(this.port), ...words], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 2000,
      }).trim();
    } catch {
      return undefined;
    }
  }
}
