import type { DecompressOptions, Run } from '../codec.ts';
import { crc32 } from '../crc32.ts';
import { skipPadding } from '../padding.ts';
import { BlockDecoder } from './block.ts';
import { readNumber } from './block-header.ts';
import { BlockList } from './block-list.ts';
import { beginsLikeXz, footerBytes, headerBytes, readFooter, readHeader } from './stream-flags.ts';
import { takeAll, truncatedXz } from './take.ts';

/**
 * Decodes every stream, as `xz -dc` does, with padding between them (The .xz File Format 1.2). Whatever
 * a stream records of itself is compared: sizes, the check of every block, the index and the footer.
 */
export async function* decompressXz(
  run: Run,
  { windowLog }: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new BlockDecoder(run, windowLog);
  do {
    yield* decodeStream(run, decoder);
    run.stats.members++;
    await skipStreamPadding(run);
  } while ((await run.input.peek()).length > 0);
}

async function* decodeStream(run: Run, decoder: BlockDecoder): AsyncGenerator<Uint8Array, void, undefined> {
  const check = await takeHeader(run);
  const blocks = new BlockList();
  for (;;) {
    const [first] = await run.input.lookAhead(1);
    if (first === undefined) throw truncatedXz(run);
    // Where a block would tell the length of its header, an index begins with 0.
    if (first === 0) break;
    const { packedLength, length } = yield* decoder.block(first, check);
    blocks.add(packedLength, length);
  }
  const indexLength = await takeIndex(run, blocks);
  const footer = readFooter(await takeAll(run, footerBytes));
  if (footer === undefined) throw run.error('CHECKSUM', 'the footer does not match its CRC-32');
  if (footer.check !== check || footer.indexLength !== indexLength) {
    throw run.error('CORRUPT', 'the footer contradicts the rest of the stream');
  }
}

/** Takes the header of a stream. Returns the number of the check that its blocks have. */
async function takeHeader(run: Run): Promise<number> {
  const { input, stats } = run;
  const head = await input.lookAhead(headerBytes);
  if (!beginsLikeXz(head)) {
    if (stats.members > 0) throw run.error('TRAILING_DATA', 'what follows the last stream is not xz');
    throw run.error('CORRUPT', 'this is not xz data: the magic bytes fd 37 7a 58 5a 00 are missing');
  }
  const check = readHeader(await takeAll(run, headerBytes));
  if (check === undefined) throw run.error('CHECKSUM', 'the stream header does not match its CRC-32');
  return check;
}

/** Takes the index and compares it with the blocks. Returns its length in bytes. */
async function takeIndex(run: Run, blocks: BlockList): Promise<number> {
  const start = run.input.offset;
  let crc = 0;
  const take = async (count: number): Promise<Uint8Array> => {
    const bytes = await takeAll(run, count);
    crc = crc32(bytes, crc);
    return bytes;
  };
  const takeNumber = async (): Promise<number> => {
    const number = readNumber(await run.input.lookAhead(9));
    if (number !== undefined) {
      await take(number.bytes);
      return number.value;
    }
    const isCut = (await run.input.lookAhead(9)).length < 9;
    throw isCut ? truncatedXz(run) : run.error('CORRUPT', 'a number in the index breaks the rules');
  };
  await take(1);
  const recorded = new BlockList();
  const count = await takeNumber();
  if (count !== blocks.count)
    throw run.error('CORRUPT', `the index has ${count} blocks, not ${blocks.count}`);
  while (recorded.count < count) recorded.add(await takeNumber(), await takeNumber());
  if (!recorded.equals(blocks)) throw run.error('CORRUPT', 'the index does not match the blocks');
  const padding = await take(-(run.input.offset - start) & 3);
  if (padding.some((byte) => byte !== 0)) throw run.error('CORRUPT', 'the padding of the index is not zero');
  const recordedCrc = await takeAll(run, 4);
  if (new DataView(recordedCrc.buffer).getUint32(0, true) !== crc) {
    throw run.error('CHECKSUM', 'the index does not match its CRC-32');
  }
  return run.input.offset - start;
}

async function skipStreamPadding(run: Run): Promise<void> {
  const start = run.input.offset;
  await skipPadding(run);
  const length = run.input.offset - start;
  if (length % 4 !== 0) {
    throw run.error('CORRUPT', `${length} bytes of padding follow a stream, no multiple of four`);
  }
}
