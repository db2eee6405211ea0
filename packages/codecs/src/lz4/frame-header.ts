/** The LZ4 frame format, version 1.6.4: what a frame begins with. */

const frameMagic = 0x184d2204;
const legacyMagic = 0x184c2102;
const skippableMagic = 0x184d2a50;

const version = 0x40;
const flags = {
  independent: 0x20,
  blockChecksum: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
  reserved: 0x02,
  dictionary: 0x01,
};

/** The one that a frame with blocks of 1 MiB names; every step is a factor of four. */
const mebibyteBlocks = 6;

export const legacyBlockSize = 8 * 1024 * 1024;
export const writtenBlockSize = 1024 * 1024;

export type Lz4FrameKind = 'frame' | 'legacy' | 'skippable';

/** What begins with these bytes, of which four are enough; `undefined` if it is no frame. */
export function lz4FrameKind(head: Uint8Array): Lz4FrameKind | undefined {
  if (head.length < 4) return undefined;
  const word = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
  if (word === frameMagic) return 'frame';
  if (word === legacyMagic) return 'legacy';
  return (word & 0xfffffff0) >>> 0 === skippableMagic ? 'skippable' : undefined;
}

/** Whether these one to three bytes can grow to a magic number. */
export function mayBeginLz4Frame(head: Uint8Array): boolean {
  const starts = [
    [0x04, 0x22, 0x4d],
    [0x02, 0x21, 0x4c],
    [((head[0] ?? 0) & 0x0f) | 0x50, 0x2a, 0x4d],
  ];
  return starts.some((start) => head.every((byte, i) => byte === start[i]));
}

export interface Lz4Descriptor {
  /** Whether blocks refer only to themselves. */
  independent: boolean;
  blockChecksum: boolean;
  contentChecksum: boolean;
  contentSize: bigint | undefined;
  dictionaryId: number | undefined;
  blockSize: number;
}

/** Length of a descriptor without its checksum, by its first byte. */
export const descriptorLength = (flag: number): number =>
  2 + (flag & flags.contentSize ? 8 : 0) + (flag & flags.dictionary ? 4 : 0);

/** The meaning of a descriptor; `undefined` for what this version of the format does not define. */
export function readDescriptor(bytes: Uint8Array): Lz4Descriptor | undefined {
  const [flag = 0, blockFlag = 0] = bytes;
  const sizeCode = blockFlag >> 4;
  if ((flag & 0xc0) !== version || flag & flags.reserved || blockFlag & 0x8f || sizeCode < 4)
    return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const hasSize = (flag & flags.contentSize) !== 0;
  return {
    independent: (flag & flags.independent) !== 0,
    blockChecksum: (flag & flags.blockChecksum) !== 0,
    contentChecksum: (flag & flags.contentChecksum) !== 0,
    contentSize: hasSize ? view.getBigUint64(2, true) : undefined,
    dictionaryId: flag & flags.dictionary ? view.getUint32(hasSize ? 10 : 2, true) : undefined,
    blockSize: 256 << (2 * sizeCode),
  };
}

/** Magic number and descriptor, without its checksum, of a frame with independent blocks of 1 MiB. */
export function writeFrameHeader(checksum: boolean, size: number | undefined): Uint8Array {
  const flag =
    version |
    flags.independent |
    (size === undefined ? 0 : flags.contentSize) |
    (checksum ? flags.contentChecksum : 0);
  const header = new Uint8Array(4 + descriptorLength(flag));
  const view = new DataView(header.buffer);
  view.setUint32(0, frameMagic, true);
  header[4] = flag;
  header[5] = mebibyteBlocks << 4;
  if (size !== undefined) view.setBigUint64(6, BigInt(size), true);
  return header;
}
