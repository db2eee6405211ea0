/** One large file through a stream, each in a process of its own, so that peak memory is its own too. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { compare, median, print } from './rounds.ts';

const child = fileURLToPath(new URL('stream-child.ts', import.meta.url));

const contestants = {
  'fs.createWriteStream, nothing synced': 'fs',
  "atomic-fs durability: 'none'": 'none',
  "atomic-fs durability: 'data'": 'data',
  "atomic-fs durability: 'full'": 'full',
};

export async function benchStream(directory: string, megabytes: number, rounds: number): Promise<void> {
  const target = path.join(directory, 'large');
  const memory = new Map<string, number[]>();
  const scores = await compare(
    Object.entries(contestants).map(([name, kind]) => ({
      name,
      run: () => {
        fs.rmSync(target, { force: true });
        // What earlier writes left for the disk to do must not count for this one.
        execFileSync('sync');
        const output = execFileSync(process.execPath, [child, kind, target, String(megabytes)], {
          encoding: 'utf8',
        });
        const [milliseconds = Number.NaN, peak = Number.NaN] = output.split(' ').map(Number);
        memory.set(name, [...(memory.get(name) ?? []), peak]);
        return milliseconds;
      },
    })),
    rounds,
  );
  fs.rmSync(target, { force: true });
  print(`${megabytes} MB in chunks of 64 KiB`, 'ms', scores);
  console.log('  peak memory of the process');
  for (const [name, peaks] of memory) {
    console.log(`  ${name.padEnd(44)} ${(median(peaks) / 2 ** 20).toFixed(0).padStart(10)} MiB`);
  }
}
