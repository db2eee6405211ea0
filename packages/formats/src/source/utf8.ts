import { isUtf8 } from 'node:buffer';

/** Position of the first byte of `bytes[start, end)` that is not UTF-8, or −1. */
export function firstInvalidUtf8(bytes: Uint8Array, start: number, end: number): number {
  if (isUtf8(bytes.subarray(start, end))) return -1;
  // Valid up to `low`, invalid somewhere before `high`; `low` always begins a character.
  let low = start;
  let high = end;
  while (high - low > 4) {
    let middle = low + ((high - low) >> 1);
    while (middle > low && (bytes[middle]! & 0xc0) === 0x80) middle--;
    // Four continuation bytes in a row are no character.
    if (middle === low) return scanForInvalid(bytes, low, high);
    if (isUtf8(bytes.subarray(low, middle))) low = middle;
    else high = middle;
  }
  return scanForInvalid(bytes, low, high);
}

/** Where the characters of `bytes` end that are all there: behind it is at most the beginning of one more. */
export function endOfCharacters(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const size = byte < 0xc2 || byte > 0xf4 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return size > back ? length - back : length;
  }
  return length;
}

function scanForInvalid(bytes: Uint8Array, start: number, end: number): number {
  let p = start;
  while (p < end) {
    const length = [1, 2, 3, 4].find((n) => p + n <= end && isUtf8(bytes.subarray(p, p + n)));
    if (length === undefined) return p;
    p += length;
  }
  return p;
}
