import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

import { childNodeArgs } from '@x/vitest-config/child-node';

import { type Child, type Exit, start } from './child.ts';
import { type Plan, type Step, planVariable } from './preload/plan.mjs';
import { type Tree, makeDirectory, plantTree, readTree, removeDirectory } from './sandbox.ts';
import type { Scenario } from './scenario.ts';
import { readLog } from './trace/read-log.ts';
import type { Trace } from './trace/operation.ts';

/** What a writer of the lab says about its end. */
export interface Report {
  readonly ok: boolean;
  readonly error?: {
    readonly name?: string;
    readonly message?: string;
    readonly code?: string;
    readonly syscall?: string;
    readonly committed?: boolean;
    readonly hint?: string;
  };
}

export interface Run {
  readonly exit: Exit;
  /** Undefined where the process died before it could say anything. */
  readonly report: Report | undefined;
  readonly trace: Trace;
  /** The sandbox after the run. */
  readonly tree: Tree;
  readonly root: string;
}

/** A place for runs of one scenario: a sandbox that starts afresh each time, and the lab's own files beside it. */
export class Bench {
  readonly scenario: Scenario;
  readonly root: string;
  readonly #home: string;
  readonly log: string;
  readonly control: string;

  private constructor(scenario: Scenario, home: string, root: string) {
    this.scenario = scenario;
    this.root = root;
    this.#home = home;
    this.log = join(home, 'trace.jsonl');
    this.control = join(home, 'control');
  }

  /** A second writer in the sandbox of another bench, with a log and a handshake of its own. */
  static async beside(other: Bench, scenario: Scenario): Promise<Bench> {
    const home = await makeDirectory();
    await mkdir(join(home, 'control'));
    return new Bench(scenario, home, other.root);
  }

  /** @param sandboxIn a directory to put the sandbox in, such as a mounted image; the lab's own files stay out of it */
  static async make(scenario: Scenario, sandboxIn?: string): Promise<Bench> {
    const home = await makeDirectory();
    const root = join(sandboxIn ?? home, 'sandbox');
    await mkdir(join(home, 'control'));
    return new Bench(scenario, home, root);
  }

  get target(): string {
    return join(this.root, this.scenario.targets[0].path);
  }

  command(): string[] {
    return this.scenario.command.map((part) => part.replaceAll('{target}', this.target));
  }

  /** Puts the sandbox back to the start of the scenario and forgets what was recorded. */
  async reset(): Promise<void> {
    await plantTree(this.root, this.scenario.tree);
    await this.forget();
  }

  async forget(): Promise<void> {
    await rm(this.log, { force: true });
    await rm(join(this.control, 'paused'), { force: true });
    await rm(join(this.control, 'resume'), { force: true });
  }

  environment(steps: readonly Step[]): Record<string, string> {
    const plan: Plan = {
      log: this.log,
      control: this.control,
      root: this.root,
      target: this.target,
      steps: [...steps],
    };
    return {
      ...this.plainEnvironment(),
      NODE_OPTIONS: nodeOptions(true),
      [planVariable]: JSON.stringify(plan),
    };
  }

  start(steps: readonly Step[]): Child {
    return start(this.command(), { cwd: this.root, env: this.environment(steps) });
  }

  /** Runs the scenario as it is in the sandbox now, recorded, with the steps of a plan. */
  async run(steps: readonly Step[] = []): Promise<Run> {
    const exit = await this.start(steps).exit;
    return this.outcome(exit);
  }

  /** Runs the scenario with no recorder and no plan. */
  async runPlain(): Promise<Run> {
    await this.forget();
    return this.outcome(await start(this.command(), { cwd: this.root, env: this.plainEnvironment() }).exit);
  }

  /** For a run that nothing but the operating system sees. */
  plainEnvironment(): Record<string, string> {
    return { ...plainEnvironment(), ...this.scenario.environment, NODE_OPTIONS: nodeOptions(false) };
  }

  async outcome(exit: Exit): Promise<Run> {
    const recorded = await stat(this.log).then(
      () => true,
      () => false,
    );
    return {
      exit,
      report: this.scenario.marks ? reportIn(exit.stdout) : { ok: exit.code === 0 },
      trace: recorded ? await readLog(this.log) : { moments: [], acted: [] },
      tree: await readTree(this.root),
      root: this.root,
    };
  }

  /** Waits until the process stands still at its pause step; undefined when it ended before. */
  async paused(child: Child): Promise<{ pid: number; call: number } | undefined> {
    const path = join(this.control, 'paused');
    let ended = false;
    const exit = child.exit.finally(() => {
      ended = true;
    });
    exit.catch(() => undefined);
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- polling
      const text = await readFile(path, 'utf8').catch(() => undefined);
      if (text !== undefined) {
        // oxlint-disable-next-line no-await-in-loop -- once
        await rm(path);
        const at: { pid: number; call: number } = JSON.parse(text);
        return at;
      }
      if (ended) return undefined;
      // oxlint-disable-next-line no-await-in-loop -- polling
      await sleep(pollMs);
    }
  }

  /** Lets a paused process go on. */
  async resume(): Promise<void> {
    await writeFile(join(this.control, 'resume'), '');
  }

  /** Also removes the sandbox. */
  async dispose(): Promise<void> {
    await removeDirectory(this.root);
    await this.leave();
  }

  /** Removes the lab's own files only. */
  async leave(): Promise<void> {
    await removeDirectory(this.#home);
  }
}

const pollMs = 2;

/** Runs `use` with a bench that is gone afterwards. */
export async function withBench<T>(
  scenario: Scenario,
  use: (bench: Bench) => Promise<T>,
  sandboxIn?: string,
): Promise<T> {
  const bench = await Bench.make(scenario, sandboxIn);
  let result: T;
  try {
    result = await use(bench);
  } catch (error) {
    // A file system whose power was cut refuses this, which must not hide why it came to that.
    await bench.dispose().catch(() => undefined);
    throw error;
  }
  await bench.dispose();
  return result;
}

/** libuv may pass calls through io_uring, where neither strace nor a count of threads sees them. */
export function plainEnvironment(): Record<string, string> {
  return {
    UV_USE_IO_URING: '0',
    UV_THREADPOOL_SIZE: '1',
    NODE_NO_WARNINGS: '1',
    NODE_COMPILE_CACHE: compileCache,
  };
}

/** The lab starts hundreds of processes that load the same modules. */
const compileCache = fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url));

export function nodeOptions(recorded: boolean): string {
  const preload = new URL('preload/preload.mjs', import.meta.url);
  return [...childNodeArgs, ...(recorded ? [`--import=${pathToFileURL(preload.pathname).href}`] : [])].join(
    ' ',
  );
}

function reportIn(stdout: string): Report | undefined {
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) return undefined;
  const report: Report = JSON.parse(last);
  return report;
}
