/** stream-child.ts KIND TARGET MEGABYTES: writes a file and prints its milliseconds and peak memory in bytes. */
import fs from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { peakMemory } from '@x/vitest-config/peak-memory';

import { createWriteStream } from '@x/atomic-fs';

const [kind, target = '', megabytes] = process.argv.slice(2);
const chunk = Buffer.alloc(64 * 1024, 'a line of text\n');
const chunks = Math.ceil((Number(megabytes) * 1e6) / chunk.length);

function* source(): Generator<Buffer> {
  for (let i = 0; i < chunks; i++) yield chunk;
}

const start = performance.now();
const sink =
  kind === 'none' || kind === 'data' || kind === 'full'
    ? createWriteStream(target, { durability: kind })
    : fs.createWriteStream(target);
await pipeline(Readable.from(source(), { objectMode: false }), sink);
console.log(performance.now() - start, peakMemory());
