import { FormatError } from '../format-error.ts';
import type { Input } from '../source/input.ts';
import { JsonScanner, JsonSyntaxError } from './scanner.ts';

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
    if (first === 0x7b && path.length === 0) return { rows: 'object', depth: 0 };
    if (first !== 0x5b) {
      throw this.#error(
        first === undefined ? 'INVALID_JSON' : 'NOT_A_LIST',
        first === undefined
          ? 'there is nothing'
          : `there is no list${path.length > 0 ? ` at ${path.join('.')}` : ''}`,
        'say with path which keys lead to the list of rows',
      );
    }
    this.#pass(this.#input.start + 1);
    if ((await this.#peek()) !== 0x5d) return { rows: 'list', depth: path.length };
    this.#pass(this.#input.start + 1);
    return { rows: 'empty list', depth: path.length };
  }

  /** Checks what is after the rows, to the end of the document. */
  async close({ depth }: Opening): Promise<void> {
    for (let open = depth; open > 0; open--) {
      while ((await this.#peek()) === 0x2c) {
        this.#pass(this.#input.start + 1);
        await this.#step((scanner, start) => this.#member(scanner, start).end);
      }
      await this.#step((scanner, start) => {
        if (scanner.byteAt(start) !== 0x7d) throw scanner.unexpected(start, 'a comma or a closing brace');
        return start + 1;
      });
    }
    if ((await this.#peek()) === undefined) return;
    const scanner = new JsonScanner(this.#input.arena.bytes, this.#input.end, this.#maxDepth);
    throw this.#syntaxError(scanner.unexpected(this.#input.start, 'the end of the document'));
  }

  /** Passes an object's brace and its members up to the value of `key`. */
  async #enter(path: readonly string[], depth: number, key: string): Promise<void> {
    if ((await this.#peek()) !== 0x7b) throw this.#missing(path.slice(0, depth + 1));
    this.#pass(this.#input.start + 1);
    if ((await this.#peek()) === 0x7d) throw this.#missing(path.slice(0, depth + 1));
    for (;;) {
      let isWanted = false;
      await this.#step((scanner, start) => {
        const member = this.#key(scanner, start);
        isWanted = member.name === key;
        return isWanted ? member.value : scanner.value(member.value, depth + 1);
      });
      if (isWanted) return;
      if ((await this.#peek()) !== 0x2c) throw this.#missing(path.slice(0, depth + 1));
      this.#pass(this.#input.start + 1);
    }
  }

  #member(scanner: JsonScanner, start: number): { end: number } {
    return { end: scanner.value(this.#key(scanner, start).value, 1) };
  }

  #key(scanner: JsonScanner, start: number): { name: string; value: number } {
    if (scanner.byteAt(start) !== 0x22) throw scanner.unexpected(start, 'a key in double quotes');
    const end = scanner.string(start);
    const colon = scanner.space(end);
    if (scanner.byteAt(colon) !== 0x3a) throw scanner.unexpected(colon, 'a colon');
    const name = String(JSON.parse(this.#input.arena.bytes.toString('utf8', start, end)));
    return { name, value: scanner.space(colon + 1) };
  }

  /** Passes a part that has to be in memory as a whole. */
  async #step(part: (scanner: JsonScanner, start: number) => number): Promise<void> {
    for (;;) {
      await this.#peek();
      const { arena, start, end, ended } = this.#input;
      const scanner = new JsonScanner(arena.bytes, end, this.#maxDepth);
      try {
        const after = part(scanner, start);
        // A number at the end of what there is may go on.
        if (after < end || ended) return this.#pass(after);
      } catch (error) {
        if (!(error instanceof JsonSyntaxError)) throw error;
        if (error.at < end || ended) throw this.#syntaxError(error);
      }
      await this.#readOn();
    }
  }

  /** Passes space; gives the first byte after it, undefined at the end of the document. */
  async #peek(): Promise<number | undefined> {
    for (;;) {
      const { arena, start, end, ended } = this.#input;
      const after = new JsonScanner(arena.bytes, end, this.#maxDepth).space(start);
      this.#pass(after);
      if (after < end) return arena.bytes[after];
      if (ended) return undefined;
      await this.#readOn();
    }
  }

  #pass(place: number): void {
    this.#input.passWithin(place);
  }

  #missing(path: readonly string[]): FormatError {
    return this.#error('NOT_A_LIST', `the document has nothing at ${path.join('.')}`, 'check the path');
  }

  #syntaxError(error: JsonSyntaxError): FormatError {
    const details = { ...this.#input.locate(error.at), format: this.#format };
    return new FormatError('INVALID_JSON', error.message, details);
  }

  #error(code: 'INVALID_JSON' | 'NOT_A_LIST', what: string, hint: string): FormatError {
    const details = { ...this.#input.locate(this.#input.start), format: this.#format, hint };
    return new FormatError(code, what, details);
  }
}
