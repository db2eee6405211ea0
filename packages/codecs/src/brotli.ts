import * as zlib from 'node:zlib';

import type { CompressOptions, DecompressOptions, Run } from './codec.ts';
import { encodeAll } from './encode.ts';
import { openEngine } from './engine/open-engine.ts';
import { OutputBuffers } from './output-buffers.ts';
import { levelOf } from './level.ts';
import * as levels from './levels.ts';
import { decodeMember } from './member.ts';

/** Brotli, RFC 7932: one stream, without magic bytes and without a checksum. */

/** Decodes one stream. As for the `brotli` command, whatever follows it is an error. */
export async function* decompressBrotli(
  run: Run,
  _options: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const engine = await openEngine((size) => zlib.createBrotliDecompress({ chunkSize: size }), {
    direction: 'decompress',
    finish: zlib.constants.BROTLI_OPERATION_FINISH,
    buffers: new OutputBuffers(run.reuse),
  });
  try {
    yield* decodeMember(run, engine);
  } finally {
    engine.close();
  }
  run.stats.members++;
  if ((await run.input.peek()).length > 0) {
    throw run.error('TRAILING_DATA', 'something follows the end of the brotli stream');
  }
}

export async function* compressBrotli(
  run: Run,
  options: CompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT, BROTLI_OPERATION_FINISH } = zlib.constants;
  const params = {
    [BROTLI_PARAM_QUALITY]: levelOf('brotli', levels.brotli, options.level),
    ...(options.size === undefined ? {} : { [BROTLI_PARAM_SIZE_HINT]: Math.min(options.size, 2 ** 30) }),
  };
  const engine = await openEngine((size) => zlib.createBrotliCompress({ chunkSize: size, params }), {
    direction: 'compress',
    finish: BROTLI_OPERATION_FINISH,
    buffers: new OutputBuffers(run.reuse),
  });
  try {
    yield* encodeAll(run, engine);
  } finally {
    engine.close();
  }
  run.stats.members++;
}
