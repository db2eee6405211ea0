import { loadPackage } from '../optional-package.ts';

/** The engine under the streams of lzma-native, which would cut their input wherever it reads `YZ`. */
export interface LzmaStream {
  /** What `easyEncoder` is made of, which takes a preset or check of 0 for none given. */
  easyEncoder_(preset: number, check: number): void;
  /** Works on one piece of input, or with `null` ends the stream; on the thread pool if `async`. */
  code(input: Uint8Array | null, async: boolean): void;
  /** Called with a piece of output, or with the number of inputs that were used up. */
  bufferHandler: (output: Uint8Array | null | undefined, inputs: number | undefined, error: unknown) => void;
  /** Frees the memory of the engine. */
  resetUnderlying(): void;
}

/** The part of lzma-native that is used here. */
interface LzmaNative {
  readonly Stream: new () => LzmaStream;
  readonly CHECK_NONE: number;
  readonly CHECK_CRC64: number;
}

// @ts-expect-error -- the package brings no types
const load = (): Promise<{ default: LzmaNative }> => import('lzma-native');

/** Rejects with `UNAVAILABLE` where lzma-native is not installed. */
export const loadLzmaNative = async (): Promise<LzmaNative> =>
  (await loadPackage('xz', 'writing xz', 'lzma-native', load)).default;
