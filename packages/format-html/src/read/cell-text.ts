/** The text of a cell, as a browser shows it. */
export class CellText {
  #text = '';
  /** Whether a space would be one too many. */
  #isAtStart = true;
  /** Whether a space waits for what comes behind it. */
  #hasSpace = false;

  get length(): number {
    return this.#text.length;
  }

  /** Adds text in which any white space is one space. */
  add(text: string): void {
    const words = text.replaceAll(/[ \t\n\f\r]+/g, ' ');
    if (words.startsWith(' ')) this.#hasSpace ||= !this.#isAtStart;
    const inner = words.slice(words.startsWith(' ') ? 1 : 0, words.endsWith(' ') ? -1 : undefined);
    if (inner === '') return;
    this.#text += this.#hasSpace ? ` ${inner}` : inner;
    this.#hasSpace = words.endsWith(' ');
    this.#isAtStart = false;
  }

  /** Adds text as it is. */
  addExactly(text: string): void {
    if (text === '') return;
    this.#text += this.#hasSpace ? ` ${text}` : text;
    this.#hasSpace = false;
    this.#isAtStart = false;
  }

  break(): void {
    this.#text += '\n';
    this.#hasSpace = false;
    this.#isAtStart = true;
  }

  /** What a block begins or ends with: a new line, if there is something before it. */
  separate(): void {
    if (this.#isAtStart) return;
    this.break();
  }

  /** All of it; the end of a last block is not a line. */
  toString(endsWithBlock: boolean): string {
    return endsWithBlock && this.#text.endsWith('\n') ? this.#text.slice(0, -1) : this.#text;
  }
}
