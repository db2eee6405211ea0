import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { detachRun, joinRun } from '@x/fleet';
import { bullmq } from '@x/fleet/bullmq';
import { isFinished, type RunFolder } from '@x/fleet/run-directory';
import { childNodeArgs } from '@x/vitest-config/child-node';

import { hasNamespaces, type Link, namespaceLink, proxyLink } from './links.ts';
import { type Expected, Observer } from './observer.ts';
import { Random } from './random.ts';
import { RedisServer } from './server.ts';

export interface ChaosOptions {
  /** An empty folder. */
  readonly folder: string;
  readonly seed: number;
  readonly seconds: number;
  readonly files: number;
  readonly workers?: number;
  /** Milliseconds. */
  readonly leaseTime?: number;
  /** Gives the workers a commit that is wrong, to see that this is found out. */
  readonly plant?: boolean;
  /** Ends when something bad has been seen. */
  readonly untilBad?: boolean;
  readonly log?: (line: string) => void;
}

export interface ChaosReport {
  readonly network: 'namespaces' | 'proxies';
  readonly seconds: number;
  readonly files: number;
  /** Attempts that came as far as asking whether they may commit. */
  readonly attempts: number;
  readonly faults: Readonly<Record<Fault, number>>;
  readonly missing: number;
  readonly wrong: number;
  /** Outputs that somebody who was waiting for them saw incomplete. */
  readonly partial: number;
  /** Outputs that were published more than once. */
  readonly republished: number;
  /** Files that are left of attempts. */
  readonly temps: number;
}

/** Files that a worker has in hand at a time. */
const hands = 4;

/** Of these, how often each is done to the workers and the server. */
const faults = { kill: 3, stall: 6, cut: 3, 'kill-server': 1, flush: 1 } as const;
export type Fault = keyof typeof faults;

/** Loses nothing when it is killed, and is reached from the namespaces of the workers, on this machine alone. */
const durable = [
  '--appendonly',
  'yes',
  '--appendfsync',
  'always',
  '--protected-mode',
  'no',
  '--loglevel',
  'warning',
];

const program = fileURLToPath(new URL('worker.mjs', import.meta.url));
const plant = fileURLToPath(new URL('plant.mjs', import.meta.url));

/** Does to a run what happens to runs, all the time, and says what became of its outputs. */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const { folder, seed, seconds, files, workers = 4, leaseTime = 400, log = () => undefined } = options;
  const random = new Random(seed);
  const outputs = prepare(folder, files, random);
  const out = join(folder, 'out');
  const serverFolder = join(folder, 'server');
  mkdirSync(serverFolder);
  const server = await RedisServer.start(serverFolder, durable);
  const network = hasNamespaces() ? 'namespaces' : 'proxies';
  const links: Link[] = [];
  const fleet: Worker[] = [];
  const counts = { kill: 0, stall: 0, cut: 0, 'kill-server': 0, flush: 0 };
  const observer = new Observer(outputs);
  const watching = setInterval(() => observer.look(), 10);
  try {
    for (let i = 0; i < workers; i += 1) {
      links.push(network === 'namespaces' ? namespaceLink(i, server.port) : await proxyLink(server.port));
    }
    const engine = bullmq({
      url: server.url,
      leaseTime,
      connectionTimeout: 20_000,
    });
    const run = await detachRun(join(folder, 'in'), out, { to: 'jsonl', engine });
    // Each hand does one file after the other, with a whole pace a file on average. The rest is for the faults.
    const pace = (seconds * 1000 * 0.6 * workers * hands) / files;
    for (const link of links) {
      fleet.push(new Worker(link, { out, leaseTime, pace }, options.plant ?? false));
    }
    // Starting takes long on a busy machine; it is not what is to be disturbed.
    while (!fleet.some(({ isAtWork }) => isAtWork)) await wait(20);
    const start = performance.now();
    const left = (): number => seconds * 1000 - (performance.now() - start);
    const isBad = (): boolean => options.untilBad === true && observer.sightings.republished.length > 0;
    const pending = new Set<Promise<void>>();
    while (left() > 0 && !isBad() && !(await isFinished(run))) {
      await wait(random.between(100, 500));
      const fault = random.pick(faults);
      const atWork = fleet.filter(({ isAtWork }) => isAtWork);
      const worker = atWork[Math.floor(random.next() * atWork.length)];
      if (worker === undefined) continue;
      // A worker that is taken for dead is so after one to three leases; many wake after that.
      const length = (fault === 'stall' ? random.between(3, 15) : random.between(0.5, 3)) * leaseTime;
      log(`${((performance.now() - start) / 1000).toFixed(1)} s: ${fault}`);
      counts[fault] += 1;
      const done = inflict(fault, worker, server, length).finally(() => pending.delete(done));
      pending.add(done);
      // Three things at a time at most, so that somebody gets on.
      if (pending.size > 2) await Promise.race(pending);
    }
    await Promise.all(pending);
    log('all is well again');
    const end = performance.now() + 30_000;
    while (!isBad() && performance.now() < end && !(await isFinished(run))) await wait(50);
    await Promise.all(fleet.map((worker) => worker.end()));
    // As somebody does who finds the queue lost and nobody at work.
    if (!isBad()) await (await joinRun(out, { engine, attempts: 1000 })).done();
    observer.look(files);
    const sightings = observer.sightings;
    return {
      network,
      seconds: (performance.now() - start) / 1000,
      files,
      attempts: fleet.reduce((sum, { attempts }) => sum + attempts, 0),
      faults: counts,
      ...compare(outputs),
      partial: sightings.partial.length,
      republished: sightings.republished.length,
      temps: tempsOf(run),
    };
  } finally {
    clearInterval(watching);
    await Promise.all(fleet.map((worker) => worker.end()));
    for (const link of links) link.remove();
    await server.kill();
  }
}

/** Inputs of up to 20 kB, and what is to become of them. */
function prepare(folder: string, files: number, random: Random): Expected[] {
  mkdirSync(join(folder, 'in'));
  return Array.from({ length: files }, (_, i) => {
    const rows = Array.from({ length: Math.ceil(random.between(1, 1000)) }, (_row, id) => `${id},Zoë ${i}`);
    writeFileSync(join(folder, 'in', `${i}.csv`), `id,name\n${rows.join('\n')}\n`);
    const content = rows.map((row) => {
      const [id, name] = row.split(',');
      return `{"id":"${id}","name":"${name}"}\n`;
    });
    return { path: join(folder, 'out', `${i}.jsonl`), content: content.join('') };
  });
}

async function inflict(fault: Fault, worker: Worker, server: RedisServer, length: number): Promise<void> {
  if (fault === 'kill') worker.kill();
  else if (fault === 'flush') flush(server);
  else if (fault === 'kill-server') {
    await server.kill();
    await wait(length / 2);
    await server.start();
  } else if (fault === 'stall') {
    worker.signal('SIGSTOP');
    await wait(length);
    worker.signal('SIGCONT');
  } else {
    worker.link.cut();
    await wait(length);
    worker.link.mend();
  }
}

function flush(server: RedisServer): void {
  try {
    server.command('flushall');
  } catch {
    // It is down, which is another fault.
  }
}

/** A worker that is started again whenever it ends. */
class Worker {
  readonly link: Link;
  attempts = 0;
  /** Whether it has got as far as an attempt since it was started. */
  isAtWork = false;
  readonly #words: readonly string[];
  readonly #nodeArgs: readonly string[];
  #process: ChildProcess;
  #isOver = false;

  constructor(
    link: Link,
    { out, leaseTime, pace }: { readonly out: string; readonly leaseTime: number; readonly pace: number },
    isPlanted: boolean,
  ) {
    this.link = link;
    this.#words = [out, `redis://${link.host}:${link.port}`, String(leaseTime), String(pace), String(hands)];
    this.#nodeArgs = [...childNodeArgs, ...(isPlanted ? ['--import', plant] : [])];
    this.#process = this.#start();
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    const process = this.#process;
    process.kill('SIGKILL');
    while (process.exitCode === null && process.signalCode === null) await wait(10);
  }

  #start(): ChildProcess {
    const [command, ...words] = [
      ...this.link.prefix,
      process.execPath,
      ...this.#nodeArgs,
      program,
      ...this.#words,
    ];
    const child = spawn(command!, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (data: Buffer) => {
      this.attempts += data.toString().split('\n').length - 1;
      this.isAtWork = true;
    });
    child.once('exit', () => {
      this.isAtWork = false;
      // Not at once: a worker that finds its server away would do nothing else.
      const again = (): void => {
        if (!this.#isOver) this.#process = this.#start();
      };
      setTimeout(again, 100);
    });
    return child;
  }
}

function compare(outputs: readonly Expected[]): { readonly missing: number; readonly wrong: number } {
  let missing = 0;
  let wrong = 0;
  for (const { path, content } of outputs) {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) missing += 1;
    else if (readFileSync(path, 'utf8') !== content) wrong += 1;
  }
  return { missing, wrong };
}

const tempsOf = ({ path, out }: RunFolder): number =>
  [join(path, 'tmp'), out]
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter(
      (entry) =>
        entry.isFile() && (entry.parentPath.startsWith(join(path, 'tmp')) || entry.name.endsWith('.tmp')),
    ).length;
