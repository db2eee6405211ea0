/**
 * Text from a file or a path, made safe and single-lined for a terminal: a line break becomes `\n`,
 * any other control character, the escape that starts a terminal's commands among them, `\x1b`.
 * Characters that reverse the reading direction are shown as their code.
 */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    const code = character.codePointAt(0)!.toString(16);
    return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}

const zeroWidth = /[\p{Mn}\p{Me}\p{Cf}]/u;
const doubleWidth =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6]/u;

function cellsOf(character: string): number {
  if (character < '\x7f') return 1;
  if (zeroWidth.test(character)) return 0;
  return doubleWidth.test(character) ? 2 : 1;
}

/** Columns of a terminal that a visible text takes. */
export function width(text: string): number {
  let cells = 0;
  for (const character of text) cells += cellsOf(character);
  return cells;
}

/** Cut to at most so many columns; an ellipsis says that something is missing. */
export function fitted(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  let cells = 1;
  let cut = '';
  for (const character of text) {
    cells += cellsOf(character);
    if (cells > columns) break;
    cut += character;
  }
  return `${cut}…`;
}

/** Filled with spaces to so many columns. */
export function padded(text: string, columns: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, columns - width(text)));
  return side === 'left' ? text + space : space + text;
}
