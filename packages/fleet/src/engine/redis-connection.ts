import { setTimeout as wait } from 'node:timers/promises';

import { Redis } from 'ioredis';

import { FleetError } from '../fleet-error.ts';

/** Which server, and as whom. */
export interface ServerAddress {
  /** `redis://` or, with TLS, `rediss://`. */
  readonly url: string;
  /** Where the URL names none. */
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** What another try will not mend. */
const isRefusal = ({ message }: Error): boolean =>
  /^(?:WRONGPASS|NOAUTH|NOPERM|ERR (?:invalid password|AUTH))|certificate|self.signed/i.test(message);

function refusalHint({ message }: Error): string {
  return /certificate|self.signed/i.test(message)
    ? 'NODE_EXTRA_CA_CERTS names the file of a certificate of your own'
    : 'See that user and password are right: in the URL, or in REDIS_USERNAME and REDIS_PASSWORD';
}

/** Milliseconds of waiting for a connection before it is told. */
const patience = 3000;

/**
 * A connection to a server, which reconnects by itself; commands wait until it has. One that has been
 * silent for `silence` milliseconds although something was asked is taken for dead and made anew, since
 * a cut link may say nothing for many minutes.
 *
 * No error of it shows the password or the URL: ioredis keeps the words of a failed command, `AUTH`
 * among them, with the error.
 */
export class RedisConnection {
  readonly client: Redis;
  readonly #address: ServerAddress;
  readonly #timeout: number;
  #lastError: Error | undefined;

  /** @param timeout Milliseconds after which a command that has no answer fails. */
  constructor(
    address: ServerAddress,
    { silence, timeout }: { readonly silence: number; readonly timeout: number },
  ) {
    const { username, password } = address;
    this.#address = address;
    this.#timeout = timeout;
    const isNamed = new URL(address.url).password !== '';
    this.client = new Redis(address.url, {
      ...(!isNamed && username !== undefined && { username }),
      ...(!isNamed && password !== undefined && { password }),
      maxRetriesPerRequest: null,
      socketTimeout: silence,
      retryStrategy: (times) => Math.min(50 * 2 ** times, 1000),
    });
    this.client.on('error', (error) => {
      this.#lastError = error;
    });
  }

  /**
   * Waits until commands are answered.
   *
   * @param onWait Told when that takes longer than one would think, with the reason if there is one.
   * @throws {FleetError} `ENGINE_LOST`
   */
  async ready(onWait: (reason: string) => void = () => undefined): Promise<void> {
    if (this.client.status === 'ready') return;
    const waiting = setTimeout(() => onWait(this.#reason()), patience);
    const refused = new Promise<never>((_, reject) => {
      this.client.on('error', (error) => {
        if (isRefusal(error)) reject(this.#lost('the server refuses this worker', error, refusalHint(error)));
      });
    });
    const ready = new Promise<void>((resolve) => {
      this.client.once('ready', resolve);
    });
    await this.answered(Promise.race([ready, refused])).finally(() => clearTimeout(waiting));
  }

  /**
   * The answer to a command, or to several.
   *
   * @throws {FleetError} `ENGINE_LOST` if there is none, or a refusal. An abort throws its reason.
   */
  async answered<T>(command: Promise<T>, signal?: AbortSignal): Promise<T> {
    const settled = new AbortController();
    const aborted = new Promise<never>((_, reject) => {
      const fail = (): void => reject(signal!.reason as Error);
      signal?.addEventListener('abort', fail, { signal: settled.signal, once: true });
      if (signal?.aborted) fail();
    });
    try {
      return await Promise.race([command, aborted, this.#late(settled.signal)]);
    } catch (error) {
      if (signal?.aborted || error instanceof FleetError) throw error;
      throw this.#lost('the server has failed a command', error);
    } finally {
      settled.abort();
    }
  }

  close(): void {
    this.client.disconnect();
  }

  /** An error that says nothing secret. */
  #lost(
    problem: string,
    cause: unknown,
    hint = 'See that the server is up and reachable, then resume the run: what is published stays',
  ): FleetError {
    return new FleetError('ENGINE_LOST', problem, {
      hint,
      cause: cause === undefined ? undefined : withoutSecrets(cause, this.#address),
    });
  }

  /** Why there is no connection, by its code: the message may tell a part of the URL. */
  #reason(): string {
    const { code } = (this.#lastError ?? {}) as NodeJS.ErrnoException;
    return code === undefined ? '' : ` (${code})`;
  }

  async #late(signal: AbortSignal): Promise<never> {
    try {
      // In two halves: a process that was stopped finds its timers run out before it sees its answers.
      for (let half = 0; half < 2; half += 1)
        await wait(this.#timeout / 2, undefined, { signal, ref: false });
    } catch {
      // Settled in another way; nobody waits for this one any more.
      return await new Promise<never>(() => undefined);
    }
    const seconds = Math.round(this.#timeout / 1000);
    throw this.#lost(`the server has not answered for ${seconds} s${this.#reason()}`, this.#lastError);
  }
}

/** Name, code and message of an error, with no word that a server was told in confidence. */
export function withoutSecrets(error: unknown, { url, password }: ServerAddress): Error {
  const { message, code, name }: NodeJS.ErrnoException =
    error instanceof Error ? error : new Error(String(error));
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const secrets = [url, password, parsed?.password, parsed && decodeURIComponent(parsed.password)];
  let text = message;
  for (const secret of secrets) if (secret) text = text.replaceAll(secret, '***');
  return Object.assign(new Error(text), { name, ...(code !== undefined && { code }) });
}
