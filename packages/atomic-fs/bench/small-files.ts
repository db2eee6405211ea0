/** Small files, one after the other: what a configuration or a cache writes. */
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { writeFile as atomically, writeFileSync as atomicallySync } from 'atomically';
import writeAtomic from 'fast-write-atomic';
import writeFileAtomic from 'write-file-atomic';

import { type Durability, writeFile, writeFileSync } from '@x/atomic-fs';

import { type Contestant, compare, print } from './rounds.ts';

const content = Buffer.alloc(4096, 'content ');
const perRound = 20;
const fastWriteAtomic = promisify(writeAtomic);

type Write = (target: string) => unknown;

export async function benchSmallFiles(directory: string, rounds: number): Promise<void> {
  await benchOne('4 KiB, nothing synced', directory, rounds * 5, {
    "atomic-fs durability: 'none'": ours('none'),
    'write-file-atomic fsync: false': (target) => writeFileAtomic(target, content, { fsync: false }),
    'atomically fsync: false': (target) => atomically(target, content, { fsync: false }),
    'fs.promises.writeFile, in place': (target) => fs.promises.writeFile(target, content),
  });
  await benchOne('4 KiB, nothing synced, blocking', directory, rounds * 5, {
    "atomic-fs durability: 'none'": (target) => writeFileSync(target, content, { durability: 'none' }),
    'write-file-atomic fsync: false': (target) => writeFileAtomic.sync(target, content, { fsync: false }),
    'atomically fsync: false': (target) => atomicallySync(target, content, { fsync: false }),
    'fs.writeFileSync, in place': (target) => fs.writeFileSync(target, content),
  });
  await benchOne('4 KiB, content synced', directory, rounds, {
    "atomic-fs durability: 'data'": ours('data'),
    'write-file-atomic': (target) => writeFileAtomic(target, content),
    atomically: (target) => atomically(target, content),
    'fast-write-atomic': (target) => fastWriteAtomic(target, content),
    "atomic-fs durability: 'full'": ours('full'),
  });
}

const ours =
  (durability: Durability): Write =>
  (target) =>
    writeFile(target, content, { durability });

async function benchOne(
  title: string,
  directory: string,
  rounds: number,
  writers: Readonly<Record<string, Write>>,
): Promise<void> {
  for (const existing of [true, false]) {
    const contestants = Object.entries(writers).map(([name, write], index): Contestant => {
      const own = path.join(directory, String(index));
      return { name, run: (round) => writeMany(write, own, existing ? 'same' : String(round)) };
    });
    for (const index of contestants.keys())
      fs.mkdirSync(path.join(directory, String(index)), { recursive: true });
    // oxlint-disable-next-line no-await-in-loop
    const scores = await compare(contestants, rounds);
    print(`${title}, ${existing ? 'replacing files' : 'new files'}`, 'ms a file', scores, perRound);
    for (const index of contestants.keys())
      fs.rmSync(path.join(directory, String(index)), { recursive: true });
  }
}

async function writeMany(write: Write, directory: string, name: string): Promise<void> {
  for (let i = 0; i < perRound; i++) {
    // oxlint-disable-next-line no-await-in-loop
    await write(path.join(directory, `${name}-${i}.json`));
  }
}
