/** The largest sheet of LibreOffice. */
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
