import type { DecompressOptions, Run } from '../codec.ts';
import { OutputBuffers } from '../output-buffers.ts';
import { BitReader } from './bit-reader.ts';
import { headerBytes, readBlockHeader, type BlockHeader } from './block-header.ts';
import { initialCrc, updateCrc } from './crc.ts';
import { longestCode } from './huffman-table.ts';
import { RunExpander } from './run-expander.ts';
import { SortedBlock } from './sorted-block.ts';
import { beginsLikeBzip2, blockSizeOf, streamHeaderBytes } from './stream-header.ts';
import { groupBytes, SymbolDecoder } from './symbols.ts';

/** What a block and the end of a stream begin with: the digits of π and of its square root. */
const blockMagic = [0x314159, 0x265359];
const endMagic = [0x177245, 0x385090];

/** Decodes every stream, as `bzip2 -dc` does, and checks the CRC of every block and stream. */
export async function* decompressBzip2(
  run: Run,
  _options: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new StreamDecoder(run);
  do {
    yield* decoder.stream();
    run.stats.members++;
  } while (await decoder.more());
}

/** Blocks that are unsorted at once; see {@link SortedBlock.unsortTwo}. */
const blocksAtOnce = 2;

class StreamDecoder {
  readonly #run: Run;
  readonly #reader: BitReader;
  readonly #buffers: OutputBuffers;
  /** Blocks to decode into, one stream after the other. */
  #blocks: SortedBlock[] = [];

  constructor(run: Run) {
    this.#run = run;
    this.#reader = new BitReader(run.input);
    this.#buffers = new OutputBuffers(run.reuse);
  }

  async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
    const blockSize = await this.#readStreamHeader();
    if (this.#blocks[0]?.words.length !== blockSize) this.#blocks = [];
    let streamCrc = 0;
    for (let isEnd = false; !isEnd;) {
      const read: SortedBlock[] = [];
      let failure: unknown;
      try {
        isEnd = await this.#readBlocks(blockSize, read);
      } catch (error) {
        failure = error;
      }
      unsort(read);
      for (const block of read) {
        yield* this.#output(block);
        streamCrc = ((streamCrc << 1) | (streamCrc >>> 31)) ^ block.crc;
      }
      // What came before it is handed over first, as it is by one block after the other.
      if (failure !== undefined) throw failure;
    }
    const expected = this.#reader.read32();
    if (this.#reader.endsWithin(0)) throw this.#truncated();
    if (expected !== streamCrc >>> 0) throw this.#error('CHECKSUM', 'the stream does not match its CRC-32');
    this.#reader.alignToByte();
  }

  /** Whether anything follows the stream. */
  async more(): Promise<boolean> {
    await this.#reader.ensure(1);
    return !this.#reader.endsWithin(1);
  }

  async #readStreamHeader(): Promise<number> {
    const reader = this.#reader;
    await reader.ensure(streamHeaderBytes);
    const start = reader.offset;
    const isCut = reader.endsWithin(8 * streamHeaderBytes);
    const header = Uint8Array.from({ length: streamHeaderBytes }, () => reader.read(8));
    const there = header.subarray(0, this.#run.input.offset - start);
    if (!beginsLikeBzip2(there)) {
      throw this.#run.stats.members > 0
        ? this.#error('TRAILING_DATA', 'what follows the last stream is not bzip2', start)
        : this.#error('CORRUPT', 'this is not bzip2 data: it does not begin with BZh', start);
    }
    if (isCut) throw this.#truncated();
    return blockSizeOf(header);
  }

  /** Reads some blocks into `read`. Returns whether the stream ends behind them. */
  async #readBlocks(blockSize: number, read: SortedBlock[]): Promise<boolean> {
    const reader = this.#reader;
    while (read.length < blocksAtOnce) {
      await reader.ensure(headerBytes);
      const magic = [reader.read(24), reader.read(24)];
      if (magic.every((part, i) => part === endMagic[i])) return true;
      if (!magic.every((part, i) => part === blockMagic[i])) {
        throw this.#corrupt('what should be a block or the end is neither', 48);
      }
      const block = (this.#blocks[read.length] ??= new SortedBlock(blockSize));
      await this.#readBlock(block);
      read.push(block);
    }
    return false;
  }

  async #readBlock(block: SortedBlock): Promise<void> {
    const header = readBlockHeader(this.#reader);
    if (this.#reader.endsWithin(0)) throw this.#truncated();
    if (typeof header === 'string') throw this.#corrupt(header, 0);
    const length = await this.#readSymbols(header, block.words);
    if (header.origin >= length) throw this.#corrupt('a block begins outside of itself', 0);
    block.link(length, header.origin, header.crc);
  }

  async *#output(block: SortedBlock): AsyncGenerator<Uint8Array, void, undefined> {
    const content = new RunExpander(block.bytes.subarray(0, block.length));
    let crc = initialCrc;
    for (;;) {
      const { current } = this.#buffers;
      const length = content.writeTo(current);
      if (length === 0) break;
      crc = updateCrc(crc, current.subarray(0, length));
      yield this.#buffers.handOver(length);
    }
    if (~crc >>> 0 !== block.crc) throw this.#error('CHECKSUM', 'a block does not match its CRC-32');
  }

  async #readSymbols(header: BlockHeader, words: Uint32Array): Promise<number> {
    const symbols = new SymbolDecoder(header, words);
    for (;;) {
      const state = symbols.decode(this.#reader);
      if (state === 'end') return symbols.length;
      if (state === 'corrupt') throw this.#corrupt('a block breaks the rules of the format', longestCode);
      await this.#reader.ensure(groupBytes);
    }
  }

  /** Damage, unless the input ends so close by that it is the cut that looks like damage. */
  #corrupt(problem: string, bits: number): Error {
    return this.#reader.endsWithin(bits) ? this.#truncated() : this.#error('CORRUPT', problem);
  }

  #truncated(): Error {
    return this.#run.error('TRUNCATED', 'the data ends inside a bzip2 stream', {
      hint: 'The file is incomplete: fetch or write it again',
    });
  }

  #error(
    code: 'CORRUPT' | 'CHECKSUM' | 'TRAILING_DATA',
    problem: string,
    offset = this.#reader.offset,
  ): Error {
    return this.#run.error(code, problem, { offset });
  }
}

function unsort(blocks: SortedBlock[]): void {
  const [one, other] = blocks;
  if (one !== undefined && other !== undefined) SortedBlock.unsortTwo(one, other);
  else one?.unsort();
}
