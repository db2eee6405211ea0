import type { ByteCursor } from './byte-cursor.ts';
import type { CodecErrorCode } from './codec-error.ts';

/**
 * The contract of a codec. A codec is a value; what it can do is data on it, and its engine is
 * loaded when it is first used.
 */

export type CodecName =
  | 'gzip'
  | 'zstd'
  | 'brotli'
  | 'deflate'
  | 'lz4'
  | 'bzip2'
  | 'xz'
  | 'snappy'
  | 'identity';

/** The codec's own number, or one of four names that every codec understands. */
export type Level = number | 'fastest' | 'fast' | 'default' | 'best';

export interface Levels {
  readonly min: number;
  readonly max: number;
  /** Numbers in between that the engine does not take. */
  readonly except?: readonly number[];
  readonly fastest: number;
  readonly fast: number;
  readonly default: number;
  readonly best: number;
}

export interface CodecCapabilities {
  readonly decompress: boolean;
  readonly compress: boolean;
  /** Whether damage of the content is always noticed, noticed where the writer asked for it, or never. */
  readonly checksum: 'always' | 'optional' | 'never';
  /** Whether several members or frames, one after the other, are one input. */
  readonly concatenation: boolean;
  /** Whether it compresses on several threads. */
  readonly threads: boolean;
  /** Whether it can be given a dictionary. */
  readonly dictionary: boolean;
  /** `undefined` where the codec has no levels. */
  readonly levels: Levels | undefined;
}

/** What an encoder is told, with defaults filled in. */
export interface CompressOptions {
  level: Level;
  checksum: boolean;
  /** Length of the whole input in bytes, where it is known. */
  size: number | undefined;
  /** Threads to use at most. */
  threads: number;
  dictionary: Uint8Array | undefined;
  raw: boolean;
}

/** What a decoder is told, with defaults filled in. */
export interface DecompressOptions {
  windowLog: number;
  dictionary: Uint8Array | undefined;
  raw: boolean;
}

/** What a kernel is given: the input, and a way to say what is wrong with it. */
export interface Run {
  readonly input: ByteCursor;
  readonly stats: { members: number };
  /** Whether pieces of output may lie in two buffers that take turns. */
  readonly reuse: boolean;
  /** Makes, without throwing it, the error for a problem at the cursor's position, or at `offset`. */
  error(
    code: CodecErrorCode,
    problem: string,
    details?: { hint?: string; cause?: unknown; offset?: number },
  ): Error;
}

/** A kernel: pulls from the input, yields output in fresh buffers, and throws what `run.error` makes. */
export type Kernel<Options> = (run: Run, options: Options) => AsyncGenerator<Uint8Array, void, undefined>;

export interface Codec {
  readonly name: string;
  /** With the dot, lower case: `.gz`. The first is the one to write. */
  readonly extensions: readonly string[];
  /** Whether the first bytes of a file look like this codec's. `undefined` where the format has no magic. */
  readonly magic: ((head: Uint8Array) => boolean) | undefined;
  readonly capabilities: CodecCapabilities;
  /** Packages from npm that have to be installed beside this one, if any. They are loaded on first use. */
  readonly packages?: { readonly decompress?: string; readonly compress?: string };
  /** Loads the decoder. Rejects with `UNAVAILABLE` where there is none. */
  decoder(): Promise<Kernel<DecompressOptions>>;
  /** Loads the encoder. Rejects with `UNAVAILABLE` where there is none. */
  encoder(): Promise<Kernel<CompressOptions>>;
}
