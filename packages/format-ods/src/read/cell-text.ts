/**
 * Takes the text of a cell from the elements in it (OpenDocument 1.3, 6.1): paragraphs are lines, white space is
 * one blank unless it is an element. Notes, comments and drawings are not text of the cell.
 */
export class CellText {
  text = '';
  /** Whether there has been any paragraph. */
  isThere = false;
  #isInParagraph = false;
  /** Elements that are open inside one that is left out, with it. */
  #left = 0;
  /** Whether a blank would be left out, at the beginning or behind another one. */
  #isBlank = true;
  readonly #maxLength: number;
  readonly #onLong: () => never;

  constructor(maxLength: number, onLong: () => never) {
    this.#maxLength = maxLength;
    this.#onLong = onLong;
  }

  /** Whether what follows is in an element that is left out. */
  get isLeavingOut(): boolean {
    return this.#left > 0;
  }

  clear(): void {
    this.text = '';
    this.isThere = false;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#left > 0 || isLeftOut(name)) this.#left++;
    else if (name === 'text:p' || name === 'text:h') this.#openParagraph();
    else if (name === 'text:s') this.#put(Number(attributes['text:c'] ?? 1), ' ');
    else if (name === 'text:tab') this.#put(1, '\t');
    else if (name === 'text:line-break') this.#put(1, '\n');
  }

  close(name: string): void {
    if (this.#left > 0) this.#left--;
    else if (name === 'text:p' || name === 'text:h') this.#isInParagraph = false;
  }

  add(text: string): void {
    if (!this.#isInParagraph || this.#left > 0) return;
    let piece = text.replaceAll(/[\t\n\r ]+/g, ' ');
    if (this.#isBlank && piece.startsWith(' ')) piece = piece.slice(1);
    if (piece === '') return;
    this.#isBlank = piece.endsWith(' ');
    this.#append(piece);
  }

  #openParagraph(): void {
    if (this.isThere) this.#append('\n');
    this.isThere = true;
    this.#isInParagraph = true;
    this.#isBlank = true;
  }

  /** Puts what is a character whatever stands before it. */
  #put(times: number, character: string): void {
    if (!this.#isInParagraph) return;
    if (!(times <= this.#maxLength)) this.#onLong();
    this.#append(character.repeat(Math.max(0, Math.trunc(times))));
    this.#isBlank = false;
  }

  #append(text: string): void {
    this.text += text;
    if (this.text.length > this.#maxLength) this.#onLong();
  }
}

function isLeftOut(name: string): boolean {
  return !name.startsWith('text:') || name === 'text:note' || name === 'text:ruby-text';
}
