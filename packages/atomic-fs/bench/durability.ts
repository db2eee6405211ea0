/** What each promise costs, by the size of the file. */
import fs from 'node:fs';
import path from 'node:path';

import { type Durability, writeFile } from '@x/atomic-fs';

import { compare, print } from './rounds.ts';

export async function benchDurability(directory: string, rounds: number): Promise<void> {
  await benchSize(directory, '4 KiB', Buffer.alloc(4096, 'content '), 20, rounds);
  await benchSize(directory, '100 MB', Buffer.alloc(100_000_000, 'content '), 1, rounds);
}

async function benchSize(
  directory: string,
  size: string,
  content: Buffer,
  perRound: number,
  rounds: number,
): Promise<void> {
  const writers: Record<string, (target: string) => Promise<void>> = {
    'in place, synced': (target) => writeAndSync(target, content),
    'in place, not synced': (target) => fs.promises.writeFile(target, content),
  };
  for (const durability of ['none', 'data', 'full'] satisfies Durability[]) {
    writers[`durability: '${durability}'`] = (target) => writeFile(target, content, { durability });
  }
  const contestants = Object.entries(writers).map(([name, write], index) => ({
    name,
    run: async () => {
      const start = performance.now();
      for (let i = 0; i < perRound; i++) {
        // oxlint-disable-next-line no-await-in-loop
        await write(path.join(directory, `${index}-${i}`));
      }
      const time = performance.now() - start;
      // What one leaves for the disk to do must not count for the next.
      await syncFile(path.join(directory, `${index}-0`));
      return time;
    },
  }));
  print(`${size}, replacing files`, 'ms a file', await compare(contestants, rounds), perRound);
  for (const name of fs.readdirSync(directory)) fs.rmSync(path.join(directory, name));
}

async function writeAndSync(target: string, content: Buffer): Promise<void> {
  const handle = await fs.promises.open(target, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFile(target: string): Promise<void> {
  const handle = await fs.promises.open(target, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
