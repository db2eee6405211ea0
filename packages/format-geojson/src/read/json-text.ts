/** Finds the end of a JSON value, in parts: what has been looked at is not looked at again. */
export class ValueScan {
  /** Where the scan goes on. */
  #at: number;
  #depth = 0;
  #isInString = false;

  constructor(start: number) {
    this.#at = start;
  }

  /** Notes that so much of the text in front has been taken away. */
  move(length: number): void {
    this.#at -= length;
  }

  /** Just after the value, or undefined where the text ends before it does; `isEnd`: no more will come. */
  end(text: string, isEnd: boolean): number | undefined {
    for (; this.#at < text.length; this.#at++) {
      if (this.#isInString) {
        if (!this.#passString(text)) return undefined;
        if (this.#depth === 0) return this.#at + 1;
        continue;
      }
      switch (text.charCodeAt(this.#at)) {
        case 0x22:
          this.#isInString = true;
          break;
        case 0x5b:
        case 0x7b:
          this.#depth++;
          break;
        case 0x5d:
        case 0x7d:
          // The end of what the value is in: it was a number or a word.
          if (this.#depth === 0) return this.#at;
          this.#depth--;
          if (this.#depth === 0) return this.#at + 1;
          break;
        case 0x2c:
        case 0x20:
        case 0x0a:
        case 0x0d:
        case 0x09:
          if (this.#depth === 0) return this.#at;
          break;
        default:
      }
    }
    return isEnd && this.#depth === 0 && !this.#isInString ? this.#at : undefined;
  }

  /** Goes to the quote that ends the string. False where it is not there yet. */
  #passString(text: string): boolean {
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at);
      if (code === 0x22) {
        this.#isInString = false;
        return true;
      }
      // What is escaped is passed, also where it is yet to come.
      if (code === 0x5c) this.#at++;
    }
    return false;
  }
}

const space = /[ \t\n\r]*/y;

/** Just after the space from there on. */
export function afterSpace(text: string, at: number): number {
  space.lastIndex = at;
  space.test(text);
  return space.lastIndex;
}

/** The members of an object in their order, each value as its text; undefined where it is no object. */
export function splitObject(text: string): [key: string, value: string][] | undefined {
  const members: [string, string][] = [];
  let at = afterSpace(text, 0);
  if (text[at] !== '{') return undefined;
  at = afterSpace(text, at + 1);
  if (text[at] === '}') return afterSpace(text, at + 1) === text.length ? members : undefined;
  for (;;) {
    const keyEnd = text[at] === '"' ? new ValueScan(at).end(text, true) : undefined;
    if (keyEnd === undefined) return undefined;
    const colon = afterSpace(text, keyEnd);
    if (text[colon] !== ':') return undefined;
    const start = afterSpace(text, colon + 1);
    const end = new ValueScan(start).end(text, true);
    if (end === undefined || end === start) return undefined;
    members.push([text.slice(at, keyEnd), text.slice(start, end)]);
    at = afterSpace(text, end);
    if (text[at] === '}') return afterSpace(text, at + 1) === text.length ? members : undefined;
    if (text[at] !== ',') return undefined;
    at = afterSpace(text, at + 1);
  }
}
