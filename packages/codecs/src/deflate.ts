import * as zlib from 'node:zlib';

import type { CompressOptions, DecompressOptions, Run } from './codec.ts';
import { encodeAll } from './encode.ts';
import { openEngine } from './engine/open-engine.ts';
import { OutputBuffers } from './output-buffers.ts';
import { levelOf } from './level.ts';
import * as levels from './levels.ts';
import { decodeMember } from './member.ts';
import { skipPadding } from './padding.ts';

/** Deflate in the zlib format, RFC 1950, or with `raw` without header and checksum, RFC 1951. */

/**
 * Decodes zlib streams, one after the other and with zero padding between them, or exactly one raw
 * deflate stream, which has no beginning that could be told from other data.
 */
export async function* decompressDeflate(
  run: Run,
  { raw }: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { input, stats } = run;
  const create = raw ? zlib.createInflateRaw : zlib.createInflate;
  const engine = await openEngine((size) => create({ chunkSize: size }), {
    direction: 'decompress',
    finish: zlib.constants.Z_FINISH,
    buffers: new OutputBuffers(run.reuse),
  });
  try {
    do {
      if (stats.members > 0) {
        if (raw || !isZlibHeader(await input.lookAhead(2))) {
          throw run.error('TRAILING_DATA', 'something follows the end of the deflate data');
        }
        engine.reset();
      }
      yield* decodeMember(run, engine);
      stats.members++;
      if (!raw) await skipPadding(run);
    } while ((await input.peek()).length > 0);
  } finally {
    engine.close();
  }
}

export async function* compressDeflate(
  run: Run,
  options: CompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const level = levelOf('deflate', levels.zlib, options.level);
  const create = options.raw ? zlib.createDeflateRaw : zlib.createDeflate;
  const engine = await openEngine((size) => create({ level, chunkSize: size }), {
    direction: 'compress',
    finish: zlib.constants.Z_FINISH,
    buffers: new OutputBuffers(run.reuse),
  });
  try {
    yield* encodeAll(run, engine);
  } finally {
    engine.close();
  }
  run.stats.members++;
}

/** Deflate as method, and a check value that makes the first two bytes a multiple of 31 (RFC 1950, 2.2). */
function isZlibHeader([method = 0, check]: Uint8Array): boolean {
  return (method & 0x0f) === 8 && (check === undefined || ((method << 8) | check) % 31 === 0);
}
