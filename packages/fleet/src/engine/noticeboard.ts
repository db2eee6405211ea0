import { basename } from 'node:path';

import type { RunFolder } from '../run-directory/layout.ts';
import type { RedisConnection } from './redis-connection.ts';

/** A run that is queued on a server: its name, and the folder of its outputs. */
export interface Notice {
  readonly name: string;
  readonly out: string;
}

/** On the server: a table of the runs that are queued there, so that workers find them. */
const key = 'x-fleet:runs';

export class Noticeboard {
  readonly #connection: RedisConnection;

  constructor(connection: RedisConnection) {
    this.#connection = connection;
  }

  async announce({ path, out }: RunFolder): Promise<void> {
    await this.#connection.answered(this.#connection.client.hset(key, basename(path), out));
  }

  async read(signal?: AbortSignal): Promise<Notice[]> {
    const table = await this.#connection.answered(this.#connection.client.hgetall(key), signal);
    return Object.entries(table).map(([name, out]) => ({ name, out }));
  }

  async remove(name: string): Promise<void> {
    await this.#connection.answered(this.#connection.client.hdel(key, name));
  }

  close(): void {
    this.#connection.close();
  }
}
