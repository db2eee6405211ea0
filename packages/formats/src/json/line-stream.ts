import type { ByteSource } from '../contract.ts';
import { RecordBuffer } from '../record-buffer.ts';

const LF = 10;
const capacity = 256 * 1024;

export interface Line {
  readonly start: number;
  readonly end: number;
}

/** Gathers the chunks of a source into whole lines. */
export class LineStream {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #buffer = new RecordBuffer(capacity);
  #chunk: Uint8Array = new Uint8Array(0);
  #ended = false;
  #started = false;
  /** Lines before the buffer. */
  #passed = 0;
  /** Just after the last whole line. */
  #wholeEnd = 0;

  constructor(source: ByteSource) {
    this.#source = source[Symbol.asyncIterator]();
  }

  get bytes(): Uint8Array {
    return this.#buffer.bytes;
  }

  /** Resolves to false when there are no more lines. */
  async next(): Promise<boolean> {
    for (const line of this.lines()) if (line.end <= this.#wholeEnd) this.#passed++;
    this.#buffer.start = this.#wholeEnd;
    do await this.#fill();
    while (!this.#ended && this.#wholeEnd === this.#buffer.start);
    return this.#wholeEnd > this.#buffer.start;
  }

  /** The lines at hand, without their line ends. */
  *lines(): Generator<Line> {
    const { bytes } = this.#buffer;
    let { start } = this.#buffer;
    while (start < this.#wholeEnd) {
      const found = bytes.indexOf(LF, start);
      const end = found < 0 || found >= this.#wholeEnd ? this.#wholeEnd : found;
      yield { start, end };
      start = end + 1;
    }
  }

  locate(start: number, at: number): { line: number; column: number; byteOffset: number } {
    let line = this.#passed + 1;
    for (let i = this.#buffer.start; i < start; i++) if (this.bytes[i] === LF) line++;
    let column = 1;
    for (let i = start; i < at; i++) if ((this.bytes[i]! & 0xc0) !== 0x80) column++;
    return { line, column, byteOffset: this.#buffer.offsetOf(at) };
  }

  async close(): Promise<void> {
    if (!this.#ended) await this.#source.return?.();
  }

  async #fill(): Promise<void> {
    this.#buffer.makeRoom();
    while (!this.#ended && !this.#buffer.isFull) {
      if (this.#chunk.length === 0) {
        const next = await this.#source.next();
        if (next.done === true) this.#ended = true;
        else this.#chunk = next.value;
      }
      this.#chunk = this.#chunk.subarray(this.#buffer.append(this.#chunk));
      if (!this.#started && (this.#ended || this.#buffer.end >= 3)) this.#skipByteOrderMark();
    }
    const { bytes, start, end } = this.#buffer;
    this.#wholeEnd = this.#ended ? end : Math.max(start, bytes.lastIndexOf(LF, end - 1) + 1);
  }

  #skipByteOrderMark(): void {
    this.#started = true;
    const { bytes, end } = this.#buffer;
    if (end >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#buffer.start = 3;
  }
}
