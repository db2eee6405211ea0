import type { CompressOptions, Run } from '../codec.ts';
import { writeFrameHeader, writtenBlockSize } from './frame-header.ts';
import { createLz4Kernel } from './support.ts';

/** The bit of a block's length that says that the block is stored as it is. */
const stored = 0x80000000;

/** Encodes one frame of independent blocks of 1 MiB, with a checksum of the content unless `checksum` is false. */
export async function* compressLz4(
  run: Run,
  { checksum, size }: CompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const kernel = createLz4Kernel(writtenBlockSize);
  const { bytes, inputAt } = kernel;
  const view = new DataView(bytes.buffer);
  const handOver = (start: number, end: number): Uint8Array =>
    run.reuse ? bytes.subarray(start, end) : bytes.slice(start, end);

  const header = writeFrameHeader(checksum, size);
  bytes.set(header.subarray(4), inputAt);
  yield Uint8Array.of(...header, (kernel.inputHash(header.length - 4) >>> 8) & 0xff);

  kernel.beginContentHash();
  const room = bytes.subarray(inputAt, inputAt + writtenBlockSize);
  for (let turn: 0 | 1 = 0; ; turn = turn === 0 ? 1 : 0) {
    const length = await run.input.readInto(room);
    if (length === 0) break;
    if (checksum) kernel.addToContentHash(inputAt, inputAt + length);
    const blockAt = kernel.outputsAt[turn];
    let end = kernel.encode(length, blockAt);
    if (end - blockAt < length) {
      view.setUint32(blockAt - 4, end - blockAt, true);
    } else {
      bytes.copyWithin(blockAt, inputAt, inputAt + length);
      end = blockAt + length;
      view.setUint32(blockAt - 4, length + stored, true);
    }
    yield handOver(blockAt - 4, end);
    if (length < writtenBlockSize) break;
  }

  const trailer = new DataView(new ArrayBuffer(checksum ? 8 : 4));
  if (checksum) trailer.setUint32(4, kernel.contentHash(), true);
  run.stats.members++;
  yield new Uint8Array(trailer.buffer);
}
