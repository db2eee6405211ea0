import { restOfFrameHeader } from './frame-header.ts';

/**
 * Finds where zstd frames end, from frame and block headers alone (RFC 8878, 3.1). Decoders in most
 * releases of Node.js neither see that a frame is cut short nor that another one follows.
 */

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
const reservedBlock = 3;
const rleBlock = 1;

export type FrameKind = 'data' | 'skippable';

/** What begins with these bytes, of which four are enough; `undefined` if it is no frame. */
export function frameKind(head: Uint8Array): FrameKind | undefined {
  if (head.length < 4) return undefined;
  const word = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
  if (word === frameMagic) return 'data';
  return (word & 0xfffffff0) >>> 0 === skippableMagic ? 'skippable' : undefined;
}

/** Whether these one to three bytes can grow to the magic number of a frame. */
export function mayBeginFrame(head: Uint8Array): boolean {
  const starts = [
    [0x28, 0xb5, 0x2f],
    [((head[0] ?? 0) & 0x0f) | 0x50, 0x2a, 0x4d],
  ];
  return starts.some((start) => head.every((byte, i) => byte === start[i]));
}

type Field = 'magic' | 'skippable length' | 'descriptor' | 'block header' | 'none';

/** Follows one frame through pieces of input of any size. */
export class FrameScanner {
  #field: Field = 'magic';
  #fieldLength = 4;
  /** The field so far, little-endian. */
  #word = 0;
  #filled = 0;
  /** Bytes that come before the next field and do not matter. */
  #skip = 0;
  #hasChecksum = false;

  /** Whether the frame's last byte has been seen. */
  get ended(): boolean {
    return this.#field === 'none' && this.#skip === 0;
  }

  /**
   * Counts how many of these bytes belong to the frame; fewer than all only where it ends.
   * Returns `undefined` for a block of the reserved type.
   */
  scan(bytes: Uint8Array): number | undefined {
    let at = 0;
    while (at < bytes.length && !this.ended) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, bytes.length - at);
        this.#skip -= skipped;
        at += skipped;
        continue;
      }
      this.#word = (this.#word | ((bytes[at] ?? 0) << (8 * this.#filled))) >>> 0;
      at++;
      if (++this.#filled === this.#fieldLength && !this.#endField()) return undefined;
    }
    return at;
  }

  #endField(): boolean {
    const word = this.#word;
    this.#word = 0;
    this.#filled = 0;
    switch (this.#field) {
      case 'magic':
        return word === frameMagic ? this.#expect('descriptor', 1) : this.#expect('skippable length', 4);
      case 'skippable length':
        return this.#expect('none', 0, word);
      case 'descriptor':
        this.#hasChecksum = (word & 0x04) !== 0;
        return this.#expect('block header', 3, restOfFrameHeader(word));
      case 'block header': {
        const type = (word >> 1) & 3;
        if (type === reservedBlock) return false;
        const content = type === rleBlock ? 1 : word >> 3;
        const isLast = (word & 1) === 1;
        return isLast
          ? this.#expect('none', 0, content + (this.#hasChecksum ? 4 : 0))
          : this.#expect('block header', 3, content);
      }
      case 'none':
        return true;
    }
  }

  #expect(field: Field, length: number, skip = 0): true {
    this.#field = field;
    this.#fieldLength = length;
    this.#skip = skip;
    return true;
  }
}
