/** The header of a data frame (RFC 8878, 3.1.1.1), for an engine that does not look at all of it. */
export interface FrameHeader {
  /** Bytes that a decoder has to remember. */
  windowSize: number;
  contentSize: bigint | undefined;
  dictionaryId: number;
  hasChecksum: boolean;
}

const fixedBytes = 5;

/** Length of window descriptor, dictionary ID and content size, by the descriptor before them. */
export function restOfFrameHeader(descriptor: number): number {
  const { window, dictionaryId, contentSize } = fieldLengths(descriptor);
  return window + dictionaryId + contentSize;
}

function fieldLengths(descriptor: number): { window: number; dictionaryId: number; contentSize: number } {
  const singleSegment = (descriptor & 0x20) !== 0;
  return {
    window: singleSegment ? 0 : 1,
    dictionaryId: [0, 1, 2, 4][descriptor & 3] ?? 0,
    contentSize: [singleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0,
  };
}

/** Reads a header from a frame's first bytes; `undefined` if there are not enough of them. */
export function readFrameHeader(head: Uint8Array): FrameHeader | undefined {
  const descriptor = head[4];
  if (descriptor === undefined || head.length < fixedBytes + restOfFrameHeader(descriptor)) return undefined;
  const lengths = fieldLengths(descriptor);
  let at = fixedBytes;
  const take = (length: number): bigint => {
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(head[at + i] ?? 0);
    at += length;
    return value;
  };
  const window = Number(take(lengths.window));
  const dictionaryId = Number(take(lengths.dictionaryId));
  // Two bytes cannot say less than 256, which one byte says.
  const stored = take(lengths.contentSize) + (lengths.contentSize === 2 ? 256n : 0n);
  const contentSize = lengths.contentSize === 0 ? undefined : stored;
  const windowBase = 2 ** (10 + (window >> 3));
  const windowSize = lengths.window === 0 ? Number(stored) : windowBase + (windowBase / 8) * (window & 7);
  return { windowSize, contentSize, dictionaryId, hasChecksum: (descriptor & 0x04) !== 0 };
}
