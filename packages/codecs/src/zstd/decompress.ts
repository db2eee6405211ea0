import * as zlib from 'node:zlib';

import type { DecompressOptions, Run } from '../codec.ts';
import { guarded } from '../engine/engine-error.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngine } from '../engine/open-engine.ts';
import { OutputBuffers } from '../output-buffers.ts';
import { FrameScanner, frameKind, mayBeginFrame } from './frames.ts';
import { dictionaryOption, hasZstd } from './support.ts';

/**
 * Decodes every frame, as `zstd -dc` does; skippable frames give no output.
 *
 * The frames are told apart here, because the engine of Node.js stops after the first one, and in
 * most releases takes a frame that is cut short for a whole one.
 */
export async function* decompressZstd(
  run: Run,
  options: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const engine = await openDecoder(run, options);
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

type Decoder = Omit<Engine, 'end'>;

async function openDecoder(run: Run, options: DecompressOptions): Promise<Decoder> {
  if (!hasZstd()) return (await import('./fzstd-engine.ts')).openFzstd(run, options);
  const settings = {
    params: { [zlib.constants.ZSTD_d_windowLogMax]: options.windowLog },
    ...dictionaryOption(options.dictionary),
  };
  return openEngine((size) => zlib.createZstdDecompress({ chunkSize: size, ...settings }), {
    direction: 'decompress',
    finish: zlib.constants.ZSTD_e_end,
    family: 'zstd',
    buffers: new OutputBuffers(run.reuse),
  });
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

async function* decodeFrame(run: Run, engine: Decoder): AsyncGenerator<Uint8Array, void, undefined> {
  const frame = new FrameScanner();
  while (!frame.ended) {
    const bytes = await frameBytes(run, frame);
    yield* guarded(
      run,
      engine.write(bytes, () => !frame.ended && run.input.nextIsThere),
    );
    run.input.advance(bytes.length);
  }
}

async function skipFrame(run: Run): Promise<void> {
  const frame = new FrameScanner();
  while (!frame.ended) run.input.advance((await frameBytes(run, frame)).length);
}

/** What the current chunk holds of the frame. */
async function frameBytes(run: Run, frame: FrameScanner): Promise<Uint8Array> {
  const chunk = await run.input.peekAhead();
  if (chunk.length === 0) throw truncated(run);
  const length = frame.scan(chunk);
  if (length === undefined) throw run.error('CORRUPT', 'a block has the reserved type 3');
  return chunk.subarray(0, length);
}

const truncated = (run: Run): Error =>
  run.error('TRUNCATED', 'the data ends inside a zstd frame', {
    hint: 'The file is incomplete: fetch or write it again',
  });
