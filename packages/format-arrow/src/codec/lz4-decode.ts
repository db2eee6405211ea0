import { corrupt } from '../errors.ts';
import { xxh32 } from './xxh32.ts';

// https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md

const magic = 0x184d2204;
const flags = {
  independent: 0x20,
  blockChecksum: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
  dictionary: 0x01,
};
/** The bit of a block's length that says that the block is stored as it is. */
const stored = 0x8000_0000;

/**
 * The content of one frame, of which it is known how long it is.
 *
 * @throws {FormatError} CORRUPT, also where a checksum does not match.
 */
export function decodeLz4Frame(frame: Uint8Array, length: number): Buffer {
  // No sequence makes more of a byte.
  if (length > frame.length * 255) throw damaged('is longer than its bytes can say');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const word = (at: number): number => {
    if (at + 4 > frame.length) throw damaged('ends in the middle');
    return view.getUint32(at, true);
  };
  if (word(0) !== magic) throw damaged('does not begin as a frame');
  const flag = frame[4] ?? 0;
  if (flag >> 6 !== 1) throw damaged(`has version ${flag >> 6}`);
  if (flag & flags.dictionary) throw damaged('needs a dictionary');
  const headerEnd = 6 + (flag & flags.contentSize ? 8 : 0);
  const checksum = frame[headerEnd];
  if (checksum !== ((xxh32(frame.subarray(4, headerEnd)) >>> 8) & 0xff)) throw damaged('has a wrong header');
  const out = Buffer.allocUnsafe(length);
  let at = headerEnd + 1;
  let end = 0;
  for (;;) {
    const size = word(at);
    at += 4;
    if (size === 0) break;
    const isStored = size >= stored;
    const blockEnd = at + (isStored ? size - stored : size);
    if (blockEnd > frame.length) throw damaged('ends in the middle');
    const block = frame.subarray(at, blockEnd);
    at = blockEnd;
    if (flag & flags.blockChecksum) {
      if (word(at) !== xxh32(block)) throw damaged('has a wrong checksum');
      at += 4;
    }
    if (isStored) {
      if (end + block.length > length) throw damaged('is longer than it should be');
      out.set(block, end);
      end += block.length;
    } else end = decodeBlock(block, out, end, flag & flags.independent ? end : 0);
  }
  if (end !== length) throw damaged('is shorter than it should be');
  if (flag & flags.contentChecksum && word(at) !== xxh32(out)) throw damaged('has a wrong checksum');
  return out;
}

/** Decodes to `out` from `start` on; what is copied may begin at `history`. Gives the end. */
function decodeBlock(block: Uint8Array, out: Buffer, start: number, history: number): number {
  let at = 0;
  let end = start;
  const long = (initial: number): number => {
    let size = initial;
    for (let byte = 255; byte === 255;) {
      byte = block[at++] ?? -1;
      if (byte < 0) throw damaged('ends in the middle');
      size += byte;
    }
    return size;
  };
  while (at < block.length) {
    const token = block[at++]!;
    let literals = token >> 4;
    if (literals === 15) literals = long(15);
    if (at + literals > block.length || end + literals > out.length) throw damaged('ends in the middle');
    if (literals < 16) for (let i = 0; i < literals; i++) out[end + i] = block[at + i]!;
    else out.set(block.subarray(at, at + literals), end);
    at += literals;
    end += literals;
    // The last sequence has literals only.
    if (at === block.length) return end;
    const offset = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8);
    at += 2;
    let size = (token & 15) + 4;
    if (size === 19) size = long(19);
    const from = end - offset;
    if (offset === 0 || from < history || end + size > out.length) throw damaged('refers to nothing');
    if (offset >= size && size > 32) out.copyWithin(end, from, from + size);
    else for (let i = 0; i < size; i++) out[end + i] = out[from + i]!;
    end += size;
  }
  throw damaged('ends in the middle');
}

function damaged(what: string) {
  return corrupt(`a buffer that is compressed with LZ4 ${what}`);
}
