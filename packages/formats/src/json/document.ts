import { FormatError, type FormatErrorCode } from '../format-error.ts';
import type { Input } from '../source/input.ts';
import { firstInvalidUtf8 } from '../source/utf8.ts';
import { excerptBytes, JsonScanner, JsonSyntaxError } from './scanner.ts';

const comma = 0x2c;
const openBracket = 0x5b;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Steps over a part of the document; gives the place just after it. */
type Part = (scanner: JsonScanner, start: number) => number;

/** Where the rows of a document are. */
export interface Opening {
  /** A list of rows, whose bracket has been passed, or one row that is the whole document. */
  readonly rows: 'list' | 'object' | 'empty list';
  /** Objects around the list that are still open. */
  readonly depth: number;
}

/** Leads through a JSON document to the list of its rows, and from there to its end. */
export class JsonDocument {
  readonly #input: Input;
  readonly #format: string;
  readonly #maxDepth: number;
  /** Reads more, or says that what is needed at once is too much. */
  readonly #readOn: () => Promise<void>;

  constructor(input: Input, format: string, maxDepth: number, readOn: () => Promise<void>) {
    this.#input = input;
    this.#format = format;
    this.#maxDepth = maxDepth;
    this.#readOn = readOn;
  }

  /** Passes what is in front of the rows. */
  async open(path: readonly string[]): Promise<Opening> {
    for (const [depth, key] of path.entries()) await this.#enter(path, depth, key);
    const first = await this.#peek();
    if (first === openBrace && path.length === 0) return { rows: 'object', depth: 0 };
    if (first !== openBracket) {
      throw this.#error(
        first === undefined ? 'INVALID_JSON' : 'NOT_A_LIST',
        first === undefined
          ? 'there is nothing'
          : `there is no list${path.length > 0 ? ` at ${path.join('.')}` : ''}`,
        'say with path which keys lead to the list of rows',
      );
    }
    this.#passByte();
    if ((await this.#peek()) !== 0x5d) return { rows: 'list', depth: path.length };
    this.#passByte();
    return { rows: 'empty list', depth: path.length };
  }

  /** Checks what is after the rows, to the end of the document. `path` leads to them. */
  async close({ depth }: Opening, path: readonly string[]): Promise<void> {
    for (let open = depth; open > 0; open--) {
      while ((await this.#peek()) === comma) {
        this.#passByte();
        await this.#peek();
        const place = this.#input.start;
        const again = this.#errorAt(place, 'DUPLICATE_KEY', `the key ${path[open - 1]} is there twice`);
        if ((await this.#key()) === path[open - 1]) throw again;
        await this.#skip(open);
      }
      if ((await this.#peek()) !== closeBrace) await this.#refuse('a comma or a closing brace');
      this.#passByte();
    }
    if ((await this.#peek()) !== undefined) await this.#refuse('the end of the document');
  }

  /** Passes an object's brace and its members up to the value of `key`. */
  async #enter(path: readonly string[], depth: number, key: string): Promise<void> {
    if ((await this.#peek()) !== openBrace) throw this.#missing(path.slice(0, depth + 1));
    this.#passByte();
    if ((await this.#peek()) === closeBrace) throw this.#missing(path.slice(0, depth + 1));
    while ((await this.#key()) !== key) {
      await this.#skip(depth + 1);
      if ((await this.#peek()) !== comma) throw this.#missing(path.slice(0, depth + 1));
      this.#passByte();
    }
  }

  /** Passes a key and its colon. */
  async #key(): Promise<string> {
    let name = '';
    await this.#pass((scanner, start) => {
      if (scanner.byteAt(start) !== 0x22) throw scanner.unexpected(start, 'a key in double quotes');
      const end = scanner.string(start);
      const colon = scanner.space(end);
      if (scanner.byteAt(colon) !== 0x3a) throw scanner.unexpected(colon, 'a colon');
      name = String(JSON.parse(this.#input.arena.bytes.toString('utf8', start, end)));
      return colon + 1;
    });
    return name;
  }

  /** Passes a value that is in `depth` others; a list or an object part by part, if it is not all in memory. */
  async #skip(depth: number): Promise<void> {
    const first = await this.#peek();
    const value: Part = (scanner, start) => scanner.value(start, depth);
    if (first !== openBrace && first !== openBracket) return this.#pass(value);
    if (this.#passIfThere(value)) return undefined;
    // '{' + 2 is '}', and '[' + 2 is ']'.
    const closing = first + 2;
    this.#passByte();
    let next = await this.#peek();
    if (next === closing) this.#passByte();
    while (next !== closing) {
      if (first === openBrace) await this.#key();
      await this.#skip(depth + 1);
      next = await this.#peek();
      if (next !== comma && next !== closing) await this.#refuse('a comma or the end of the list or object');
      this.#passByte();
    }
    return undefined;
  }

  /** Says that something else was to be here. */
  async #refuse(wanted: string): Promise<void> {
    await this.#pass((scanner, start) => {
      throw scanner.unexpected(start, wanted);
    });
  }

  /** Passes a part that has to be in memory as a whole. */
  async #pass(part: Part): Promise<void> {
    await this.#peek();
    while (!this.#passIfThere(part)) {
      await this.#readOn();
      await this.#peek();
    }
  }

  /** Passes a part if it is all in memory. */
  #passIfThere(part: Part): boolean {
    const { arena, start, end, ended } = this.#input;
    const scanner = new JsonScanner(arena.bytes, end, this.#maxDepth);
    try {
      const after = part(scanner, start);
      // A number at the end of what there is may go on.
      if (after === end && !ended) return false;
      const invalid = firstInvalidUtf8(arena.bytes, start, after);
      if (invalid >= 0) throw this.#errorAt(invalid, 'INVALID_TEXT', 'the bytes are not UTF-8');
      this.#input.passWithin(after);
      return true;
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      if (error.at + excerptBytes <= end || ended) throw this.#syntaxError(error);
      return false;
    }
  }

  /** Passes space; gives the first byte after it, undefined at the end of the document. */
  async #peek(): Promise<number | undefined> {
    for (;;) {
      const { arena, start, end, ended } = this.#input;
      const after = new JsonScanner(arena.bytes, end, this.#maxDepth).space(start);
      this.#input.passWithin(after);
      if (after < end) return arena.bytes[after];
      if (ended) return undefined;
      await this.#readOn();
    }
  }

  /** Passes the byte that was peeked at. */
  #passByte(): void {
    this.#input.passWithin(this.#input.start + 1);
  }

  #missing(path: readonly string[]): FormatError {
    return this.#error('NOT_A_LIST', `the document has nothing at ${path.join('.')}`, 'check the path');
  }

  #syntaxError(error: JsonSyntaxError): FormatError {
    return this.#errorAt(error.at, 'INVALID_JSON', error.message);
  }

  #error(code: FormatErrorCode, what: string, hint: string): FormatError {
    return this.#errorAt(this.#input.start, code, what, hint);
  }

  #errorAt(place: number, code: FormatErrorCode, what: string, hint?: string): FormatError {
    const details = { ...this.#input.locate(place), format: this.#format };
    return new FormatError(code, what, hint === undefined ? details : { ...details, hint });
  }
}
