/** The chunks of the snappy framing format (framing_format.txt of google/snappy). */

export const chunkHeaderBytes = 4;
export const checksumBytes = 4;

/** Bytes of content that a chunk stands for at most. */
export const longestContent = 64 * 1024;

/** Bytes that a chunk with content has at most: snappy makes incompressible content a sixth longer. */
const longestData = checksumBytes + 32 + longestContent + Math.ceil(longestContent / 6);

export const streamIdentifier = Buffer.from([0xff, 6, 0, 0, ...Buffer.from('sNaPpY')]);

export const compressedType = 0x00;
export const storedType = 0x01;

export type ChunkKind = 'compressed' | 'stored' | 'identifier' | 'skippable' | 'undefined';

/** What a chunk of that type and length is. What is `'undefined'` may not be skipped. */
export function chunkKind(type: number, length: number): ChunkKind {
  if (type === compressedType || type === storedType) {
    if (length < checksumBytes || length > longestData) return 'undefined';
    return type === compressedType ? 'compressed' : 'stored';
  }
  if (type === 0xff) return 'identifier';
  return type >= 0x80 ? 'skippable' : 'undefined';
}

export function isSnappy(head: Uint8Array): boolean {
  return head.length >= streamIdentifier.length && beginsLikeSnappy(head);
}

/** Whether nothing in these bytes, however few, speaks against it. */
export const beginsLikeSnappy = (head: Uint8Array): boolean =>
  streamIdentifier.every((byte, i) => i >= head.length || head[i] === byte);

/** The length of its content that a compressed block begins with, as a varint. */
export function contentLength(block: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = block[i] ?? 0;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) break;
  }
  return length;
}
