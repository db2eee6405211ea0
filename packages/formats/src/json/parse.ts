import type { Value } from '../contract.ts';
import { setMember } from '../value/member.ts';
import { type Decimal, numberValue } from '../value/decimal.ts';
import { JsonSyntaxError } from './scanner.ts';

/** The value of a text that is JSON, or undefined. */
export function parseJson(text: string): Value {
  try {
    return new JsonParser(text, defaultMaxDepth).value();
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

/** Levels of lists and objects inside each other. */
export const defaultMaxDepth = 256;

const space = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/**
 * Reads one JSON text (RFC 8259), strictly. Unlike JSON.parse it keeps what a double cannot hold,
 * and it refuses an object that has a key twice.
 */
export class JsonParser {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #numberOf: (text: string) => number | bigint | Decimal;
  #at = 0;
  #depth = 0;

  /** `maxDepth` is how many lists and objects may be inside each other. */
  constructor(
    text: string,
    maxDepth: number,
    numberOf: (text: string) => number | bigint | Decimal = numberValue,
  ) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#numberOf = numberOf;
  }

  /** The value, whatever it is. */
  value(): Value {
    this.#skipSpace();
    const value = this.#value();
    this.#end();
    return value;
  }

  #end(): void {
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('the end');
  }

  #value(): Value {
    const first = this.#text[this.#at];
    if (first === '"') return this.#string();
    if (first === '{') return fromMembers(this.#members());
    if (first === '[') return this.#items();
    if (first === 't') return this.#literal('true', true);
    if (first === 'f') return this.#literal('false', false);
    if (first === 'n') return this.#literal('null', null);
    number.lastIndex = this.#at;
    if (!number.test(this.#text)) throw this.#unexpected('a value');
    return this.#numberOf(this.#text.slice(this.#at, (this.#at = number.lastIndex)));
  }

  #members(): Map<string, Value> {
    const members = new Map<string, Value>();
    this.#enter();
    if (this.#leaves('}')) return members;
    for (;;) {
      this.#skipSpace();
      const at = this.#at;
      if (this.#text[at] !== '"') throw this.#unexpected('a key in double quotes');
      const key = this.#string();
      if (members.has(key)) throw new JsonSyntaxError(`the key ${JSON.stringify(key)} is there twice`, at);
      this.#skipSpace();
      if (this.#text[this.#at] !== ':') throw this.#unexpected('a colon');
      this.#at++;
      this.#skipSpace();
      members.set(key, this.#value());
      if (this.#leaves('}')) return members;
      if (this.#text[this.#at] !== ',') throw this.#unexpected('a comma or a closing brace');
      this.#at++;
    }
  }

  #items(): Value[] {
    const items: Value[] = [];
    this.#enter();
    if (this.#leaves(']')) return items;
    for (;;) {
      this.#skipSpace();
      items.push(this.#value());
      if (this.#leaves(']')) return items;
      if (this.#text[this.#at] !== ',') throw this.#unexpected('a comma or a closing bracket');
      this.#at++;
    }
  }

  #enter(): void {
    if (++this.#depth > this.#maxDepth) {
      throw new JsonSyntaxError(`more than ${this.#maxDepth} levels inside each other`, this.#at);
    }
    this.#at++;
  }

  #leaves(closing: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== closing) return false;
    this.#at++;
    this.#depth--;
    return true;
  }

  #string(): string {
    const start = this.#at;
    let close = this.#text.indexOf('"', start + 1);
    while (close > 0 && isEscaped(this.#text, close)) close = this.#text.indexOf('"', close + 1);
    if (close < 0) throw new JsonSyntaxError('this string is not closed', start);
    this.#at = close + 1;
    try {
      return String(JSON.parse(this.#text.slice(start, this.#at)));
    } catch {
      throw new JsonSyntaxError('this string has an escape or a control character that JSON has not', start);
    }
  }

  #literal<T>(spelling: string, value: T): T {
    if (!this.#text.startsWith(spelling, this.#at)) throw this.#unexpected('a value');
    this.#at += spelling.length;
    return value;
  }

  #skipSpace(): void {
    space.lastIndex = this.#at;
    space.test(this.#text);
    this.#at = space.lastIndex;
  }

  #unexpected(wanted: string): JsonSyntaxError {
    const found = this.#text[this.#at];
    return new JsonSyntaxError(
      `${wanted} expected, ${found === undefined ? 'but it ends' : `found ${JSON.stringify(found)}`}`,
      this.#at,
    );
  }
}

/** Whether the quote is the text of an escape, which an odd number of backslashes makes it. */
function isEscaped(text: string, quote: number): boolean {
  let p = quote;
  while (text[p - 1] === '\\') p--;
  return (quote - p) % 2 === 1;
}

function fromMembers(members: Map<string, Value>): Value {
  const object: Record<string, Value> = {};
  for (const [key, value] of members) setMember(object, key, value);
  return object;
}
