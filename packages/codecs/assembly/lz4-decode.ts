import { copyLoosely } from './copy';

/** The shortest match that a sequence can hold. */
const shortestMatch: u32 = 4;

/**
 * Decodes the LZ4 block from `source` to `sourceEnd` into `target`. Matches reach back to `history`
 * at most. Up to 16 bytes behind the output may be overwritten with anything.
 *
 * Gives the end of the output, or 0 if the block breaks the rules of the format or does not fit
 * before `targetEnd`.
 */
export function decodeBlock(source: u32, sourceEnd: u32, target: u32, targetEnd: u32, history: u32): u32 {
  let i = source;
  let o = target;
  while (i < sourceEnd) {
    const token: u32 = load<u8>(i++);
    let literals = token >> 4;
    if (literals == 15) {
      let more: u32;
      do {
        if (i == sourceEnd) return 0;
        more = load<u8>(i++);
        literals += more;
      } while (more == 255);
    }
    if (literals > sourceEnd - i || literals > targetEnd - o) return 0;
    copyLoosely(i, o, literals);
    i += literals;
    o += literals;
    // The last sequence is literals alone.
    if (i == sourceEnd) return o;

    if (sourceEnd - i < 2) return 0;
    const offset: u32 = load<u16>(i);
    i += 2;
    if (offset == 0 || offset > o - history) return 0;
    let length = token & 15;
    if (length == 15) {
      let more: u32;
      do {
        if (i == sourceEnd) return 0;
        more = load<u8>(i++);
        length += more;
      } while (more == 255);
    }
    length += shortestMatch;
    if (length > targetEnd - o) return 0;
    if (offset >= 16) copyLoosely(o - offset, o, length);
    else repeat(offset, o, length);
    o += length;
  }
  return 0;
}

/** Writes `length` bytes at `target` that repeat the `period` bytes before it; the period is short. */
function repeat(period: u32, target: u32, length: u32): void {
  // As many whole periods as 16 bytes take can be copied in wide steps.
  let distance = period;
  while (distance < 16) distance += period;
  const slow = min(length, distance - period);
  for (let i: u32 = 0; i < slow; i++) store<u8>(target + i, load<u8>(target + i - period));
  for (let i = slow; i < length; i += 16) v128.store(target + i, v128.load(target + i - distance));
}
