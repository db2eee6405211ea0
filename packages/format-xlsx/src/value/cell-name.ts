/** The largest sheet. */
export const maxRows = 1_048_576;
export const maxColumns = 16_384;

/** Letters of a column, from 0: A, B, … Z, AA. */
export function columnLetters(column: number): string {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return letters;
}

/** The column of a cell's name, from 0; undefined when it is no name. */
export function columnOf(name: string): number | undefined {
  let column = 0;
  let i = 0;
  for (; i < name.length; i++) {
    const letter = name.charCodeAt(i) & 0xdf;
    if (letter < 65 || letter > 90) break;
    column = column * 26 + letter - 64;
  }
  return i === 0 || column > maxColumns ? undefined : column - 1;
}
