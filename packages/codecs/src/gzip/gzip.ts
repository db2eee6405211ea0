import * as zlib from 'node:zlib';

import type { CompressOptions, DecompressOptions, Run } from '../codec.ts';
import { deflateBlocks } from './deflate-blocks.ts';
import { openEngine } from '../engine/open-engine.ts';
import { OutputBuffers } from '../output-buffers.ts';
import { gzipHeader, readGzipHeader, truncatedGzip } from './header.ts';
import { levelOf } from '../level.ts';
import * as levels from '../levels.ts';
import { decodeMember } from '../member.ts';
import { skipPadding } from '../padding.ts';

/**
 * gzip, RFC 1952. `node:zlib` does the deflating; header, checksum and trailer are done here,
 * because its own gunzip hides where a member ends and drops a member behind zero padding.
 */

const trailerLength = 8;

/** Decodes every member, as `gzip -dc` does; zero padding may follow each of them. */
export async function* decompressGzip(
  run: Run,
  _options: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const engine = await openEngine((size) => zlib.createInflateRaw({ chunkSize: size }), {
    direction: 'decompress',
    finish: zlib.constants.Z_FINISH,
    buffers: new OutputBuffers(run.reuse),
  });
  try {
    do {
      if (run.stats.members > 0) engine.reset();
      await readGzipHeader(run);
      const content = new Content();
      yield* content.counting(decodeMember(run, engine));
      await checkTrailer(run, content);
      run.stats.members++;
      await skipPadding(run);
    } while ((await run.input.peek()).length > 0);
  } finally {
    engine.close();
  }
}

/** Encodes one member, whose bytes depend on the content and the level alone. */
export async function* compressGzip(
  run: Run,
  options: CompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const level = levelOf('gzip', levels.zlib, options.level);
  const content = new Content();
  yield gzipHeader(level);
  yield* deflateBlocks(run, {
    level,
    threads: options.threads,
    onBlock: (block) => content.add(block),
  });
  run.stats.members++;
  yield content.trailer();
}

/** What the trailer of a member records of its content (RFC 1952, 2.3.1). */
class Content {
  crc = 0;
  /** Length in bytes, modulo 2³². */
  length = 0;

  add(bytes: Uint8Array): void {
    this.crc = zlib.crc32(bytes, this.crc);
    this.length = (this.length + bytes.length) % 2 ** 32;
  }

  /** The same chunks, each of which is counted while the next one is being made. */
  async *counting(
    chunks: AsyncGenerator<Uint8Array, void, undefined>,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (let last: Uint8Array | undefined; ;) {
        const next = chunks.next();
        if (last !== undefined) this.add(last);
        const { done, value } = await next;
        if (done === true) return;
        yield value;
        last = value;
      }
    } finally {
      await chunks.return();
    }
  }

  trailer(): Uint8Array {
    const trailer = new Uint8Array(trailerLength);
    const view = new DataView(trailer.buffer);
    view.setUint32(0, this.crc, true);
    view.setUint32(4, this.length, true);
    return trailer;
  }
}

async function checkTrailer(run: Run, content: Content): Promise<void> {
  const trailer = await run.input.take(trailerLength);
  if (trailer.length < trailerLength) throw truncatedGzip(run);
  const view = new DataView(trailer.buffer);
  if (view.getUint32(0, true) !== content.crc) {
    throw run.error('CHECKSUM', 'the content does not match its CRC-32');
  }
  if (view.getUint32(4, true) !== content.length) {
    throw run.error('CHECKSUM', 'the content does not have the recorded length');
  }
}
