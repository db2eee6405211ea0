import * as zlib from 'node:zlib';

import { CodecError } from './codec-error.ts';
import type { CompressOptions, DecompressOptions, Kernel, Run } from './codec.ts';
import { levelOf } from './level.ts';
import { guarded } from './engine/engine-error.ts';
import { openEngine } from './engine/open-engine.ts';
import type { Engine } from './engine/engine.ts';
import { FrameScanner, frameKind, mayBeginFrame } from './zstd-frames.ts';

/**
 * Zstandard, RFC 8878, on the engine of `node:zlib` (Node.js 22.15 and later). The frames are told
 * apart here, because that engine stops after the first one, and in most releases takes a frame
 * that is cut short for a whole one.
 */

const chunkSize = 256 * 1024;

export const levels = { min: -131072, max: 22, fastest: 1, fast: 2, default: 3, best: 19 };

/** Level −1 means "not set" to the engine of Node.js. */
const unusableLevel = -1;

export function isZstd(head: Uint8Array): boolean {
  return frameKind(head) !== undefined;
}

/** The kernel, or `UNAVAILABLE` on a Node.js without zstd. */
export function onlyWithZstd<Options>(kernel: Kernel<Options>): Kernel<Options> {
  if ('createZstdCompress' in zlib) return kernel;
  throw new CodecError('UNAVAILABLE', {
    codec: 'zstd',
    problem: `Node.js ${process.versions.node} has no zstd in node:zlib`,
    hint: 'Run Node.js 22.15 or later, or use gzip',
  });
}

/** Decodes every frame, as `zstd -dc` does; skippable frames give no output. */
export async function* decompressZstd(
  run: Run,
  options: DecompressOptions,
): AsyncGenerator<Uint8Array, void> {
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: options.windowLog };
  const engine = await openEngine((size) => zlib.createZstdDecompress({ chunkSize: size, params }), {
    direction: 'decompress',
    finish: zlib.constants.ZSTD_e_end,
    continues: true,
    chunkSize,
    reuse: run.reuse,
  });
  try {
    do {
      const kind = await nextFrame(run);
      if (run.stats.members > 0) engine.reset();
      if (kind === 'skippable') await skipFrame(run);
      else yield* decodeFrame(run, engine);
      run.stats.members++;
    } while ((await run.input.peek()).length > 0);
  } finally {
    engine.close();
  }
}

/** Encodes one frame, with the checksum of its content unless `checksum` is false. */
export async function* compressZstd(run: Run, options: CompressOptions): AsyncGenerator<Uint8Array, void> {
  const { input } = run;
  const level = levelOf('zstd', levels, options.level);
  if (level === unusableLevel) {
    throw new CodecError('BAD_OPTION', {
      codec: 'zstd',
      problem: 'the engine has no level -1',
      hint: 'Use -2 or 1',
    });
  }
  const params = {
    [zlib.constants.ZSTD_c_compressionLevel]: level,
    [zlib.constants.ZSTD_c_checksumFlag]: options.checksum === false ? 0 : 1,
  };
  const size = options.size === undefined ? {} : { pledgedSrcSize: options.size };
  const engine = await openEngine((bytes) => zlib.createZstdCompress({ chunkSize: bytes, params, ...size }), {
    direction: 'compress',
    finish: zlib.constants.ZSTD_e_end,
    chunkSize,
    reuse: run.reuse,
  });
  const frame = new FrameScanner();
  try {
    for (;;) {
      const chunk = await input.peek();
      if (chunk.length === 0) break;
      for await (const output of guarded(run, engine.write(chunk))) yield ofFrame(frame, output);
      input.advance(chunk.length);
    }
    // Some releases append an empty frame when the output fills a chunk exactly.
    for await (const output of guarded(run, engine.end())) if (!frame.ended) yield ofFrame(frame, output);
  } finally {
    engine.close();
  }
  run.stats.members++;
}

async function nextFrame(run: Run): Promise<'data' | 'skippable'> {
  const { input, stats } = run;
  const head = await input.lookAhead(4);
  const kind = frameKind(head);
  if (kind !== undefined) return kind;
  if (head.length < 4 && mayBeginFrame(head)) throw truncated(run);
  if (stats.members > 0) throw run.error('TRAILING_DATA', 'what follows the last frame is not zstd');
  throw run.error('CORRUPT', 'this is not zstd data: the magic bytes 28 b5 2f fd are missing');
}

async function* decodeFrame(run: Run, engine: Engine): AsyncGenerator<Uint8Array, void, undefined> {
  const { input } = run;
  const frame = new FrameScanner();
  while (!frame.ended) {
    const bytes = await frameBytes(run, frame);
    yield* guarded(run, engine.write(bytes));
    input.advance(bytes.length);
  }
}

async function skipFrame(run: Run): Promise<void> {
  const frame = new FrameScanner();
  while (!frame.ended) run.input.advance((await frameBytes(run, frame)).length);
}

/** What the current chunk holds of the frame. */
async function frameBytes(run: Run, frame: FrameScanner): Promise<Uint8Array> {
  const chunk = await run.input.peek();
  if (chunk.length === 0) throw truncated(run);
  const length = frame.scan(chunk);
  if (length === undefined) throw run.error('CORRUPT', 'a block has the reserved type 3');
  return chunk.subarray(0, length);
}

const ofFrame = (frame: FrameScanner, output: Uint8Array): Uint8Array =>
  output.subarray(0, frame.scan(output));

const truncated = (run: Run): Error =>
  run.error('TRUNCATED', 'the data ends inside a zstd frame', {
    hint: 'The file is incomplete: fetch or write it again',
  });
