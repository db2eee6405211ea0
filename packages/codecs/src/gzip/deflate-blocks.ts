import * as zlib from 'node:zlib';

import { blocksOf } from '../blocks.ts';
import type { Run } from '../codec.ts';
import { openEngine } from '../engine/open-engine.ts';
import type { OutputSpace } from '../output-buffers.ts';
import { jobsFor } from '../threads.ts';

/** Bytes of input that one thread works on at a time. */
const blockSize = 1024 * 1024;

/** How far back a deflate stream can refer (RFC 1951, 2). */
const windowSize = 32 * 1024;

/** Bytes that are enough for a block of the worst kind: what cannot be compressed is stored in parts (RFC 1951, 3.2.4). */
const roomForBlock = blockSize + blockSize / 256 + 64;

/** As much memory as deflate takes: a little faster than its default, and it makes a little less output. */
const memLevel = 9;

const { Z_FINISH, Z_SYNC_FLUSH } = zlib.constants;

interface BlockOptions {
  level: number;
  threads: number;
  /** Sees every block before it is compressed. */
  onBlock: (block: Uint8Array) => void;
}

/**
 * Makes one deflate stream (RFC 1951) of the input, several blocks at a time: each is deflated on
 * its own, knowing the 32 KiB before it, and ends at a byte boundary, so that the next one can be
 * put behind it. The cuts are always the same, so the number of threads does not show in the bytes.
 */
export async function* deflateBlocks(
  run: Run,
  { level, threads, onBlock }: BlockOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const jobs = jobsFor(threads);
  const inOrder: Promise<DeflatedBlock>[] = [];
  // One to fill, one at the consumer's, and one that it may still be looking at.
  const free: DeflatedBlock[] = Array.from({ length: jobs + 2 }, () => new DeflatedBlock());
  let dictionary: Uint8Array | undefined;
  try {
    for await (const { bytes, last } of blocksOf(run.input, blockSize, jobs + 1)) {
      const finished = inOrder.length < jobs ? undefined : await inOrder.shift();
      const target = free.shift() ?? new DeflatedBlock();
      const started = target.deflate(bytes, {
        level,
        finishFlush: last ? Z_FINISH : Z_SYNC_FLUSH,
        dictionary,
      });
      // Whoever waits for its turn hears of a failure then.
      started.catch(() => {});
      inOrder.push(started);
      onBlock(bytes);
      // A copy, since the next but one block may come into this one's place before it is used.
      dictionary = bytes.slice(-windowSize);
      if (finished !== undefined) {
        yield* finished.handOver(run.reuse);
        free.push(finished);
      }
    }
    for (let next = inOrder.shift(); next !== undefined; next = inOrder.shift()) {
      yield* (await next).handOver(run.reuse);
    }
  } finally {
    // Blocks that nobody waits for any more still work on their buffers.
    await Promise.allSettled(inOrder);
  }
}

/** The compressed form of one block, in memory that the next block of this object uses again. */
class DeflatedBlock {
  #pieces: Uint8Array[] = [];
  readonly #room = Buffer.allocUnsafeSlow(roomForBlock);

  async deflate(
    bytes: Uint8Array,
    settings: { level: number; finishFlush: number; dictionary: Uint8Array | undefined },
  ): Promise<this> {
    const { level, finishFlush, dictionary } = settings;
    const options = { level, memLevel, finishFlush, ...(dictionary === undefined ? {} : { dictionary }) };
    const engine = await openEngine((size) => zlib.createDeflateRaw({ ...options, chunkSize: size }), {
      direction: 'compress',
      finish: finishFlush,
      buffers: new Room(this.#room),
    });
    this.#pieces = [];
    try {
      for await (const piece of engine.end(bytes)) this.#pieces.push(piece);
    } finally {
      engine.close();
    }
    return this;
  }

  handOver(reuse: boolean): Uint8Array[] {
    return reuse ? this.#pieces : this.#pieces.map((piece) => new Uint8Array(piece));
  }
}

/** Puts one piece behind the other, and makes more room where it does not suffice. */
class Room implements OutputSpace {
  current: Uint8Array;

  constructor(room: Uint8Array) {
    this.current = room;
  }

  handOver(length: number): Uint8Array {
    const piece = this.current.subarray(0, length);
    const left = this.current.subarray(length);
    this.current = left.length > 0 ? left : Buffer.allocUnsafeSlow(roomForBlock);
    return piece;
  }
}
