import type { DecompressOptions, Run } from '../codec.ts';
import {
  descriptorLength,
  legacyBlockSize,
  lz4FrameKind,
  mayBeginLz4Frame,
  readDescriptor,
  type Lz4Descriptor,
  type Lz4FrameKind,
} from './frame-header.ts';
import { historyBytes, type Lz4Kernel } from './kernel.ts';
import { createLz4Kernel } from './support.ts';

/** The bit of a block's length that says that the block is stored as it is. */
const stored = 0x80000000;

/**
 * Decodes every frame, as `lz4 -dc` does: frames of the current format with all of their checksums,
 * frames of the legacy one, and skippable ones, which give no output.
 */
export async function* decompressLz4(
  run: Run,
  _options: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new FrameDecoder(run);
  do {
    const kind = await nextFrame(run);
    await run.input.take(4);
    if (kind === 'frame') yield* decoder.frame();
    else if (kind === 'legacy') yield* decoder.legacyFrame();
    else await skipFrame(run);
    run.stats.members++;
  } while ((await run.input.peek()).length > 0);
}

async function nextFrame(run: Run): Promise<Lz4FrameKind> {
  const head = await run.input.lookAhead(4);
  const kind = lz4FrameKind(head);
  if (kind !== undefined) return kind;
  if (head.length < 4 && mayBeginLz4Frame(head)) throw truncated(run);
  if (run.stats.members > 0) throw run.error('TRAILING_DATA', 'what follows the last frame is not lz4');
  throw run.error('CORRUPT', 'this is not lz4 data: the magic bytes 04 22 4d 18 are missing');
}

async function skipFrame(run: Run): Promise<void> {
  let left = await takeWord(run);
  while (left > 0) {
    const chunk = await run.input.peek();
    if (chunk.length === 0) throw truncated(run);
    const skipped = Math.min(left, chunk.length);
    run.input.advance(skipped);
    left -= skipped;
  }
}

class FrameDecoder {
  readonly #run: Run;
  #kernel: Lz4Kernel | undefined;
  /** Where the next block goes. */
  #turn: 0 | 1 = 0;
  /** Where the last block ended, and how much of what lies before is its frame's. */
  #end = 0;
  #history = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  async *frame(): AsyncGenerator<Uint8Array, void, undefined> {
    const run = this.#run;
    const descriptor = await takeDescriptor(run);
    const kernel = this.#begin(descriptor.blockSize);
    kernel.beginContentHash();
    let length = 0n;
    for (let word = await takeWord(run); word !== 0; word = await takeWord(run)) {
      if (descriptor.independent) this.#history = 0;
      const block = await this.#block(kernel, word, descriptor.blockChecksum);
      length += BigInt(block.length);
      if (descriptor.contentChecksum) kernel.addToContentHash(this.#end - block.length, this.#end);
      yield block;
    }
    if (descriptor.contentChecksum && (await takeWord(run)) !== kernel.contentHash()) {
      throw run.error('CHECKSUM', 'the content does not match its XXH32');
    }
    if (descriptor.contentSize !== undefined && descriptor.contentSize !== length) {
      throw run.error('CHECKSUM', 'the content does not have the recorded length');
    }
  }

  /** Blocks up to the end of the input, or to another frame: there is neither an end mark nor a checksum. */
  async *legacyFrame(): AsyncGenerator<Uint8Array, void, undefined> {
    const run = this.#run;
    const kernel = this.#begin(legacyBlockSize);
    for (;;) {
      const head = await run.input.lookAhead(4);
      if (head.length === 0 || lz4FrameKind(head) !== undefined) return;
      this.#history = 0;
      yield await this.#block(kernel, await takeWord(run), false);
    }
  }

  #begin(blockSize: number): Lz4Kernel {
    this.#history = 0;
    if (this.#kernel === undefined || this.#kernel.blockSize < blockSize) {
      this.#kernel = createLz4Kernel(blockSize);
    }
    return this.#kernel;
  }

  async #block(kernel: Lz4Kernel, word: number, checksum: boolean): Promise<Uint8Array> {
    const run = this.#run;
    const isStored = word >= stored;
    const length = isStored ? word - stored : word;
    const room = kernel.bytes.subarray(kernel.inputAt, kernel.outputsAt[0] - historyBytes);
    if (length > (isStored ? kernel.blockSize : room.length)) {
      throw run.error('CORRUPT', `a block claims ${length} bytes, more than blocks of its frame can have`);
    }
    const input = room.subarray(0, length);
    if ((await run.input.readInto(input)) < length) throw truncated(run);
    if (checksum && (await takeWord(run)) !== kernel.inputHash(length)) {
      throw run.error('CHECKSUM', 'a block does not match its XXH32');
    }
    const outputAt = this.#nextOutput(kernel);
    if (isStored) kernel.bytes.set(input, outputAt);
    const end = isStored ? outputAt + length : kernel.decode(length, outputAt, outputAt - this.#history);
    if (end === 0) throw run.error('CORRUPT', 'a block breaks the rules of the format');
    this.#end = end;
    this.#history = Math.min(historyBytes, this.#history + end - outputAt);
    const output = kernel.bytes.subarray(outputAt, end);
    return run.reuse ? output : output.slice();
  }

  /** Takes the other output and puts what the block may refer to before it. */
  #nextOutput(kernel: Lz4Kernel): number {
    this.#turn = this.#turn === 0 ? 1 : 0;
    const outputAt = kernel.outputsAt[this.#turn];
    kernel.bytes.copyWithin(outputAt - this.#history, this.#end - this.#history, this.#end);
    return outputAt;
  }
}

async function takeDescriptor(run: Run): Promise<Lz4Descriptor> {
  const head = await run.input.lookAhead(1);
  const length = descriptorLength(head[0] ?? 0);
  const bytes = await run.input.take(length + 1);
  if (bytes.length <= length) throw truncated(run);
  const descriptor = readDescriptor(bytes);
  if (descriptor === undefined)
    throw run.error('CORRUPT', 'the frame header has values that are not defined');
  const kernel = createLz4Kernel(0);
  kernel.bytes.set(bytes.subarray(0, length), kernel.inputAt);
  if (((kernel.inputHash(length) >>> 8) & 0xff) !== bytes[length]) {
    throw run.error('CHECKSUM', 'the frame header does not match its checksum');
  }
  if (descriptor.dictionaryId === undefined) return descriptor;
  throw run.error('UNAVAILABLE', `the frame needs the dictionary ${descriptor.dictionaryId}`, {
    hint: 'Unpack it with `lz4 -d -D`: dictionaries are not supported here',
  });
}

async function takeWord(run: Run): Promise<number> {
  const bytes = await run.input.take(4);
  if (bytes.length < 4) throw truncated(run);
  return new DataView(bytes.buffer).getUint32(0, true);
}

const truncated = (run: Run): Error =>
  run.error('TRUNCATED', 'the data ends inside an lz4 frame', {
    hint: 'The file is incomplete: fetch or write it again',
  });
