import type { Transform } from 'node:stream';

import type { OutputSpace } from '../output-buffers.ts';

/**
 * A compression engine of `node:zlib`, fed a piece of input at a time. It works on the thread pool,
 * and keeps no piece after the generator that it was given to has ended.
 */
export interface Engine {
  /**
   * Yields what the engine makes of `input`. Returns when all of it was taken, or, with `ended`,
   * when the engine found the end of its member before the end of the input.
   *
   * Where `moreIsThere` says so when all of it was taken, a last piece that is not full may wait for
   * the next input, which is then certain to be written: full pieces mean fewer steps, and an engine
   * that is never behind its consumer.
   */
  write(input: Uint8Array, moreIsThere?: () => boolean): AsyncGenerator<Uint8Array, Taken, undefined>;
  /**
   * Yields what is left after the last input, which may be given here to save a step. Throws where
   * the engine finds its input incomplete.
   */
  end(input?: Uint8Array): AsyncGenerator<Uint8Array, void, undefined>;
  /** Makes ready for another member with the same options. */
  reset(): void;
  /** Frees the engine's memory. */
  close(): void;
}

export interface Taken {
  taken: number;
  ended: boolean;
}

/** A stream of `node:zlib`; `bytesWritten` counts the input that its engine has used. */
export type ZlibStream = Transform & { readonly bytesWritten: number };

export interface EngineOptions {
  direction: 'compress' | 'decompress';
  /** The flush flag that ends the output. */
  finish: number;
  /**
   * How a handle behaves: the decoder of `'zstd'` begins another frame by itself, and a reset makes
   * it forget its settings. Default `'zlib'`.
   */
  family?: 'zlib' | 'zstd';
  /** Where pieces of output go. */
  buffers: OutputSpace;
}
