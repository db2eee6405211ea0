import type { Run } from '../codec.ts';
import { requireWebAssembly } from '../web-assembly.ts';
import { blockHeaderLength, hasValidCrc, readBlockHeader, type BlockHeader } from './block-header.ts';
import { beginCheck, checkLength } from './content-check.ts';
import { XzKernel } from './kernel.ts';
import { takeAll, truncatedXz } from './take.ts';

/** What a block was, as an index records it: lengths in bytes, without the padding. */
interface DecodedBlock {
  packedLength: number;
  length: number;
}

/** What the first byte of an LZMA2 chunk says (xz-embedded, xz_dec_lzma2.c, gives all the values). */
const chunk = { end: 0, storedFirst: 1, stored: 2, lzma: 0x80, reset: 0xa0, properties: 0xc0, first: 0xe0 };

/** Decodes blocks, each of which is LZMA2 between a header and a check. */
export class BlockDecoder {
  readonly #run: Run;
  readonly #windowLog: number;
  #kernel: XzKernel | undefined;

  constructor(run: Run, windowLog: number) {
    this.#run = run;
    this.#windowLog = windowLog;
  }

  /** Decodes the block that begins with the byte `first`, and compares it with its header and check. */
  async *block(first: number, check: number): AsyncGenerator<Uint8Array, DecodedBlock, undefined> {
    const run = this.#run;
    const start = run.input.offset;
    const header = await this.#takeHeader(first);
    const kernel = this.#kernelFor(header.dictionarySize);
    const content = beginCheck(check, kernel);
    if (content === undefined) {
      throw run.error('UNAVAILABLE', `the content has check number ${check}, which is not defined`, {
        hint: 'Unpack it with `xz -dc`, which leaves such content unchecked',
      });
    }
    const dataStart = run.input.offset;
    let length = 0;
    for await (const output of this.#chunks(kernel)) {
      content.add(output);
      length += output.length;
      yield run.reuse ? output : output.slice();
    }
    const packedLength = run.input.offset - dataStart;
    if ((header.packedLength ?? packedLength) !== packedLength || (header.length ?? length) !== length) {
      throw run.error('CORRUPT', 'a block does not have the lengths that its header records');
    }
    const padding = await takeAll(run, -packedLength & 3);
    if (padding.some((byte) => byte !== 0)) throw run.error('CORRUPT', 'the padding of a block is not zero');
    const recorded = await takeAll(run, checkLength(check));
    if (!content.digest().every((byte, i) => recorded[i] === byte)) {
      throw run.error('CHECKSUM', 'the content of a block does not match its check');
    }
    return { packedLength: run.input.offset - start - padding.length, length };
  }

  async #takeHeader(first: number): Promise<BlockHeader> {
    const run = this.#run;
    const bytes = await takeAll(run, blockHeaderLength(first));
    if (!hasValidCrc(bytes)) throw run.error('CHECKSUM', 'a block header does not match its CRC-32');
    const header = readBlockHeader(bytes);
    if (header === undefined) throw run.error('CORRUPT', 'a block header has values that are not defined');
    const others = header.filters.filter((name) => name !== 'LZMA2');
    if (others.length > 0) {
      throw run.error('UNAVAILABLE', `a block needs the filter ${others.join(' and ')}`, {
        hint: 'Unpack it with `xz -dc`: filters for programs are not supported here',
      });
    }
    return header;
  }

  #kernelFor(dictionarySize: number): XzKernel {
    const run = this.#run;
    const limit = 2 ** this.#windowLog;
    if (dictionarySize > limit) {
      throw run.error('WINDOW_TOO_LARGE', `a block needs a dictionary of ${dictionarySize} bytes`, {
        hint: 'Raise limits.windowLog to allow the memory it needs',
      });
    }
    if (this.#kernel === undefined || this.#kernel.dictionarySize < dictionarySize) {
      this.#kernel = new XzKernel(requireWebAssembly('xz'), dictionarySize);
    }
    return this.#kernel;
  }

  async *#chunks(kernel: XzKernel): AsyncGenerator<Uint8Array, void, undefined> {
    const run = this.#run;
    let missing: 'dictionary' | 'properties' | 'nothing' = 'dictionary';
    for (;;) {
      const [control = 0] = await takeAll(run, 1);
      if (control === chunk.end) return;
      const isFirst = control === chunk.storedFirst || control >= chunk.first;
      if (isFirst) {
        kernel.emptyDictionary();
        missing = 'properties';
      }
      if (missing === 'dictionary' || (control > chunk.stored && control < chunk.lzma)) throw this.#corrupt();
      if (control < chunk.lzma) {
        yield await this.#storedChunk(kernel);
        continue;
      }
      if (control >= chunk.properties) missing = 'nothing';
      else if (missing === 'properties') throw this.#corrupt();
      yield await this.#lzmaChunk(kernel, control);
    }
  }

  async #storedChunk(kernel: XzKernel): Promise<Uint8Array> {
    const length = bigEndian(await takeAll(this.#run, 2)) + 1;
    await this.#readInput(kernel, length);
    return kernel.store(length);
  }

  async #lzmaChunk(kernel: XzKernel, control: number): Promise<Uint8Array> {
    const sizes = await takeAll(this.#run, 4);
    const length = ((control & 0x1f) << 16) + bigEndian(sizes) + 1;
    const inputLength = bigEndian(sizes.subarray(2)) + 1;
    if (control >= chunk.properties) {
      const [properties = 0] = await takeAll(this.#run, 1);
      if (!kernel.setProperties(properties)) throw this.#corrupt();
    } else if (control >= chunk.reset) kernel.resetState();
    await this.#readInput(kernel, inputLength);
    const output = kernel.decode(inputLength, length);
    if (output === undefined) throw this.#corrupt();
    return output;
  }

  async #readInput(kernel: XzKernel, length: number): Promise<void> {
    if ((await this.#run.input.readInto(kernel.input(length))) < length) throw truncatedXz(this.#run);
  }

  #corrupt(): Error {
    return this.#run.error('CORRUPT', 'a chunk breaks the rules of LZMA2', {
      hint: 'The file is damaged: fetch it again',
    });
  }
}

const bigEndian = ([high = 0, low = 0]: Uint8Array): number => (high << 8) | low;
