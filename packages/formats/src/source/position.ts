const LF = 10;
const CR = 13;

/** A place in a text, as people count: lines and characters from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** The place of `bytes[at]`, where `bytes[start]` begins line number `line`. */
export function positionAfter(bytes: Uint8Array, start: number, at: number, line: number): TextPosition {
  let lineStart = start;
  let number = line;
  for (let i = start; i < at; i++) {
    if (bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF)) {
      number++;
      lineStart = i + 1;
    }
  }
  return { line: number, column: 1 + countCharacters(bytes, lineStart, at) };
}

/** How many characters `bytes[start, end)` holds. */
export function countCharacters(bytes: Uint8Array, start: number, end: number): number {
  let characters = 0;
  for (let i = start; i < end; i++) if ((bytes[i]! & 0xc0) !== 0x80) characters++;
  return characters;
}

/** How many line breaks `bytes[start, end)` holds. */
export function countLines(bytes: Uint8Array, start: number, end: number): number {
  let lines = 0;
  for (let i = start; i < end; i++) {
    if (bytes[i] === LF || (bytes[i] === CR && bytes[i + 1] !== LF)) lines++;
  }
  return lines;
}
