const LF = 10;
const CR = 13;

/** A place in a text, as people count: lines and characters from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** Counts the lines that are left behind, so that an error can say where it is. */
export class LineCounter {
  #line = 1;

  /** Counts the line ends of bytes that will not be seen again. They end where a record ends. */
  pass(bytes: Uint8Array, start: number, end: number): void {
    for (let i = start; i < end; i++) {
      if (bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF)) this.#line++;
    }
  }

  /** The place of `bytes[at]`, where `bytes[start]` begins a line that has not been passed. */
  locate(bytes: Uint8Array, start: number, at: number): TextPosition {
    let line = this.#line;
    let column = 1;
    for (let i = start; i < at; i++) {
      const byte = bytes[i]!;
      if (byte === LF || (byte === CR && bytes[i + 1] !== LF)) {
        line++;
        column = 1;
      } else if ((byte & 0xc0) !== 0x80) column++;
    }
    return { line, column };
  }
}
