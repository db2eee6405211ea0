export const streamHeaderBytes = 4;

/** Bytes of content that a block of level 1 holds at most; a block of level 9 holds nine times as many. */
const blockUnit = 100_000;

const magic = [0x42, 0x5a, 0x68];

/** Whether these are the first bytes of a bzip2 stream: `BZh` and a level from 1 to 9. */
export function isBzip2(head: Uint8Array): boolean {
  return head.length >= streamHeaderBytes && beginsLikeBzip2(head);
}

/** Whether nothing in these bytes, however few, speaks against it. */
export function beginsLikeBzip2(head: Uint8Array): boolean {
  const [, , , level = 0x31] = head;
  return magic.every((byte, i) => i >= head.length || head[i] === byte) && level >= 0x31 && level <= 0x39;
}

/** Bytes that a block of this stream holds at most. */
export const blockSizeOf = (header: Uint8Array): number => ((header[3] ?? 0) - 0x30) * blockUnit;
