import * as zlib from 'node:zlib';

import { blocksOf } from '../blocks.ts';
import type { CompressOptions, Run } from '../codec.ts';
import { guarded } from '../engine/engine-error.ts';
import { openEngine } from '../engine/open-engine.ts';
import { OutputBuffers } from '../output-buffers.ts';
import { handlesWork } from '../engine/try-handles.ts';
import { levelOf } from '../level.ts';
import * as levels from '../levels.ts';
import { workAhead } from '../work-ahead.ts';
import { FrameScanner } from './frames.ts';
import { dictionaryOption } from './support.ts';

/** Bytes of input that the engine is given at a time. What fits into one block takes one thread. */
const blockSize = 1024 * 1024;

/**
 * Bytes that a thread works on at a time. The engine's own choice, four times the window, takes
 * four times the memory and compresses no better at the levels below 10; at the highest it goes
 * beyond this size by itself.
 */
const jobSize = 2 * 1024 * 1024;

/** Encodes one frame, with a checksum of its content unless `checksum` is false. */
export async function* compressZstd(
  run: Run,
  options: CompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const blocks = workAhead(blocksOf(run.input, blockSize, 2));
  const first = await blocks.next();
  if (first.done === true) return;
  const { bytes, last } = first.value;
  const settings = settingsOf(
    last ? { ...options, size: options.size ?? bytes.length } : options,
    // On the public stream several threads lose output (nodejs/node#59899).
    last || !(await handlesWork()) ? 0 : options.threads,
  );
  const engine = await openEngine((size) => zlib.createZstdCompress({ chunkSize: size, ...settings }), {
    direction: 'compress',
    finish: zlib.constants.ZSTD_e_end,
    family: 'zstd',
    buffers: new OutputBuffers(run.reuse),
  });
  const frame = new FrameScanner();
  try {
    for (let block = bytes; ;) {
      if (block.length > 0) yield* withinFrame(frame, guarded(run, engine.write(block)));
      const next = await blocks.next();
      if (next.done === true) break;
      block = next.value.bytes;
    }
    yield* withinFrame(frame, guarded(run, engine.end()));
    if (!frame.ended) throw run.error('CORRUPT', 'the engine of Node.js has not finished its frame');
  } finally {
    engine.close();
  }
  run.stats.members++;
}

/**
 * @param workers Threads of the encoder's own. From 1 on, the frame's bytes do not depend on their
 * number; they differ from those without.
 */
function settingsOf(options: CompressOptions, workers: number): zlib.ZstdOptions {
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag, ZSTD_c_nbWorkers, ZSTD_c_jobSize } = zlib.constants;
  return {
    params: {
      [ZSTD_c_compressionLevel]: levelOf('zstd', levels.zstd, options.level),
      [ZSTD_c_checksumFlag]: options.checksum ? 1 : 0,
      ...(workers === 0 ? {} : { [ZSTD_c_nbWorkers]: workers, [ZSTD_c_jobSize]: jobSize }),
    },
    ...(options.size === undefined ? {} : { pledgedSrcSize: options.size }),
    ...dictionaryOption(options.dictionary),
  };
}

/** Some releases append an empty frame when the output fills a chunk exactly; that one is left out. */
async function* withinFrame(
  frame: FrameScanner,
  output: AsyncGenerator<Uint8Array, unknown, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of output) {
    if (!frame.ended) yield chunk.subarray(0, frame.scan(chunk));
  }
}
