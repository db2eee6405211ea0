import type { Decompress } from 'fzstd';

import { CodecError } from '../codec-error.ts';
import type { DecompressOptions, Run } from '../codec.ts';
import type { Engine, Taken } from '../engine/engine.ts';

import { loadPackage } from '../optional-package.ts';
import { readFrameHeader, type FrameHeader } from './frame-header.ts';
import { FrameScanner } from './frames.ts';
import { Xxhash64 } from './xxhash64.ts';

const checksumBytes = 4;

/**
 * A decoder for a Node.js without zstd, on the package fzstd. That one looks at neither checksum,
 * content size nor window, which is done here; a frame must be given as such.
 */
export async function openFzstd(run: Run, options: DecompressOptions): Promise<FzstdEngine> {
  if (options.dictionary !== undefined) {
    throw new CodecError('UNAVAILABLE', {
      codec: 'zstd',
      problem: `Node.js ${process.versions.node} has no zstd in node:zlib, and fzstd has no dictionaries`,
      hint: 'Run the latest Node.js 22 or 24, or a later one',
    });
  }
  const { Decompress: Decoder } = await loadPackage(
    'zstd',
    'reading zstd on a Node.js before 22.15',
    'fzstd',
    () => import('fzstd'),
  );
  return new FzstdEngine(run, options.windowLog, (onData) => new Decoder(onData));
}

class FzstdEngine implements Omit<Engine, 'end'> {
  readonly #run: Run;
  readonly #windowLog: number;
  readonly #hash = new Xxhash64();
  readonly #output: Uint8Array[] = [];
  readonly #open: () => Decompress;
  #decoder: Decompress;
  #scanner = new FrameScanner();
  /** What came before the header was whole. */
  #head: Uint8Array = new Uint8Array(0);
  #header: FrameHeader | undefined;
  #length = 0n;
  /** The last bytes so far. */
  #tail: Uint8Array = new Uint8Array(0);

  constructor(run: Run, windowLog: number, open: (onData: (data: Uint8Array) => void) => Decompress) {
    this.#run = run;
    this.#windowLog = windowLog;
    this.#open = () => open((data) => void this.#output.push(data));
    this.#decoder = this.#open();
  }

  async *write(input: Uint8Array): AsyncGenerator<Uint8Array, Taken, undefined> {
    this.#scanner.scan(input);
    const bytes = this.#head.length === 0 ? input : Buffer.concat([this.#head, input]);
    this.#header ??= this.#checked(readFrameHeader(bytes));
    const taken = { taken: input.length, ended: this.#scanner.ended };
    if (this.#header === undefined) {
      this.#head = new Uint8Array(bytes);
      return taken;
    }
    this.#head = new Uint8Array(0);
    this.#tail = Buffer.concat([this.#tail, bytes.subarray(-checksumBytes)]).subarray(-checksumBytes);
    this.#decode(bytes, taken.ended);
    for (const output of this.#output.splice(0)) {
      this.#length += BigInt(output.length);
      this.#hash.add(output);
      yield output.slice();
    }
    if (taken.ended) this.#checkEnd(this.#header);
    return taken;
  }

  reset(): void {
    this.#decoder = this.#open();
    this.#scanner = new FrameScanner();
    this.#header = undefined;
    this.#length = 0n;
    this.#tail = new Uint8Array(0);
    this.#hash.reset();
  }

  close(): void {
    this.#output.length = 0;
  }

  #checked(header: FrameHeader | undefined): FrameHeader | undefined {
    if (header === undefined) return undefined;
    if (header.windowSize > 2 ** this.#windowLog) {
      throw this.#run.error('WINDOW_TOO_LARGE', `the frame needs a window of ${header.windowSize} bytes`, {
        hint: 'Raise limits.windowLog to allow the memory it needs',
      });
    }
    if (header.dictionaryId === 0) return header;
    throw this.#run.error('BAD_OPTION', `the frame needs the dictionary ${header.dictionaryId}`);
  }

  #decode(bytes: Uint8Array, last: boolean): void {
    try {
      // It keeps what it cannot use yet, and the bytes are only lent.
      this.#decoder.push(new Uint8Array(bytes), last);
    } catch (cause) {
      throw this.#run.error('CORRUPT', 'a block breaks the rules of the format', {
        hint: 'The file is damaged: fetch it again',
        cause,
      });
    }
  }

  #checkEnd({ contentSize = this.#length, hasChecksum }: FrameHeader): void {
    if (contentSize !== this.#length) {
      throw this.#run.error('CORRUPT', 'the content does not have the length that the frame records');
    }
    if (!hasChecksum) return;
    if (Buffer.from(this.#tail).readUInt32LE() !== this.#hash.digest()) {
      throw this.#run.error('CHECKSUM', 'the content does not match its XXH64');
    }
  }
}
