import { corrupt, unsupported } from '../errors.ts';
import type { Kernel, Region } from '../kernel/kernel.ts';
import { Encoding } from '../metadata/enums.ts';

/** Levels, a byte each, in the kernel's memory. */
export interface Levels {
  readonly region: Region;
  /** Just after them in the page. */
  readonly end: number;
}

/**
 * Decodes `count` levels up to `greatest` from `at`. In an older page they stand behind their length.
 *
 * @throws {FormatError} CORRUPT, UNSUPPORTED.
 */
export function decodeLevels(
  kernel: Kernel,
  page: {
    readonly at: number;
    readonly end: number;
    readonly encoding: number;
    readonly isPrefixed: boolean;
  },
  greatest: number,
  count: number,
  byteOffset: number,
): Levels {
  const { at, end, encoding, isPrefixed } = page;
  const width = 32 - Math.clz32(greatest);
  if (encoding === Encoding.bitPacked) return decodeBitPacked(kernel, at, end, width, count, byteOffset);
  if (encoding !== Encoding.rle) throw unsupported(`levels in encoding ${encoding}`, { byteOffset });
  const start = isPrefixed ? at + 4 : at;
  const length = start <= end && isPrefixed ? kernel.bytes.readUInt32LE(at) : end - start;
  if (start > end || length > end - start) throw corrupt('the levels of a page are cut', { byteOffset });
  const words = kernel.allocate(count * 4);
  const region = kernel.allocate(count);
  const isRight = kernel.call.decodeHybrid(start, start + length, width, count, words.at) === 1;
  const found = isRight ? kernel.call.narrow(words.at, count, region.at) : greatest + 1;
  kernel.free(words);
  if (found <= greatest) return { region, end: isPrefixed ? start + length : end };
  kernel.free(region);
  throw corrupt('the levels of a page are not in order', { byteOffset });
}

/** The encoding of levels that came before: the most significant bits first. */
function decodeBitPacked(
  kernel: Kernel,
  at: number,
  end: number,
  width: number,
  count: number,
  byteOffset: number,
): Levels {
  const length = Math.ceil((count * width) / 8);
  if (length > end - at) throw corrupt('the levels of a page are cut', { byteOffset });
  const region = kernel.allocate(count);
  const { bytes } = kernel;
  for (let i = 0, bit = 0; i < count; i++) {
    let level = 0;
    for (let k = 0; k < width; k++, bit++)
      level = (level << 1) | ((bytes[at + (bit >> 3)]! >> (7 - (bit & 7))) & 1);
    bytes[region.at + i] = level;
  }
  return { region, end: at + length };
}
