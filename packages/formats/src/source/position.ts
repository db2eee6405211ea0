const LF = 10;
const CR = 13;

/** A place in a text, as people count: lines and characters from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** What ends a line: of delimited text `any` line break, of JSON line feeds, as carriage returns are space there. */
export type LineEnds = 'any' | 'LF';

/** A line, and where it begins. */
export interface LinePlace {
  readonly line: number;
  readonly lineStart: number;
}

/** The line that `bytes[at]` is in, where that of `from` begins before it. */
export function lineOf(bytes: Uint8Array, from: LinePlace, at: number, lineEnds: LineEnds): LinePlace {
  let { line, lineStart } = from;
  for (let i = lineStart; i < at; i++) {
    if (isLineEnd(bytes, i, lineEnds)) {
      line++;
      lineStart = i + 1;
    }
  }
  return { line, lineStart };
}

/** How many characters `bytes[start, end)` holds. */
export function countCharacters(bytes: Uint8Array, start: number, end: number): number {
  let characters = 0;
  for (let i = start; i < end; i++) if ((bytes[i]! & 0xc0) !== 0x80) characters++;
  return characters;
}

/** How many line breaks `bytes[start, end)` holds. */
export function countLines(bytes: Uint8Array, start: number, end: number, lineEnds: LineEnds): number {
  let lines = 0;
  for (let i = start; i < end; i++) {
    if (isLineEnd(bytes, i, lineEnds)) lines++;
  }
  return lines;
}

/** Whether a line ends with the byte at `at`. */
export function isLineEnd(bytes: Uint8Array, at: number, lineEnds: LineEnds): boolean {
  return bytes[at] === LF || (lineEnds === 'any' && bytes[at] === CR && bytes[at + 1] !== LF);
}
