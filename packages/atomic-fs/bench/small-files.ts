/**
 * Small files, one after the other: what a configuration or a cache writes. Each writer has a process
 * of its own: the signal listeners that one package leaves behind change what another one costs.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { compare, print } from './rounds.ts';
import { writers } from './small-writers.ts';

const child = fileURLToPath(new URL('small-child.ts', import.meta.url));
const perRound = 100;

export async function benchSmallFiles(directory: string, rounds: number): Promise<void> {
  for (const [group, contestants] of Object.entries(writers)) {
    for (const existing of [true, false]) {
      // oxlint-disable-next-line no-await-in-loop
      const scores = await inProcesses(group, Object.keys(contestants), (ask) =>
        compare(
          Object.keys(contestants).map((name, index) => {
            const own = path.join(directory, String(index));
            fs.mkdirSync(own, { recursive: true });
            return {
              name,
              run: (round) =>
                ask(
                  name,
                  Array.from({ length: perRound }, (_, i) =>
                    path.join(own, `${existing ? 'same' : round}-${i}.json`),
                  ),
                ),
            };
          }),
          rounds,
        ),
      );
      print(`${group}, ${existing ? 'replacing files' : 'new files'}`, 'ms a file', scores, perRound);
      for (const name of fs.readdirSync(directory))
        fs.rmSync(path.join(directory, name), { recursive: true });
    }
  }
}

type Ask = (name: string, targets: readonly string[]) => Promise<number>;

async function inProcesses<T>(
  group: string,
  names: readonly string[],
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const processes = new Map<string, ChildProcess>();
  try {
    for (const name of names) {
      const one = fork(child, [group, name]);
      processes.set(name, one);
      // oxlint-disable-next-line no-await-in-loop
      await once(one, 'message');
    }
    return await work(async (name, targets) => {
      const one = processes.get(name);
      if (one === undefined) throw new Error(`There is no process for ${name}`);
      const answer = once(one, 'message');
      one.send(targets);
      return Number((await answer)[0]);
    });
  } finally {
    for (const one of processes.values()) one.disconnect();
  }
}
