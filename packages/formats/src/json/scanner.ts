/** Bytes that an error shows of what it has found; where fewer are there and more may come, it is not sure yet. */
export const excerptBytes = 80;

const quote = 34;
const backslash = 92;
const comma = 44;
const colon = 58;

/** The bytes are not JSON; `at` is the place where that shows. */
export class JsonSyntaxError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/**
 * Steps over the parts of JSON (RFC 8259), strictly, in bytes that end at `end`. This is the reference
 * for what the kernel does, and it says what is wrong. Each method takes the place where its part
 * begins and gives the place just after it.
 */
export class JsonScanner {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #maxDepth: number;
  /** Whether a part was not spelled in the one way that the writers use. */
  isLoose = false;

  /** `maxDepth` is how many lists and objects may be inside each other. */
  constructor(bytes: Uint8Array, end: number, maxDepth: number) {
    this.#bytes = bytes;
    this.#end = end;
    this.#maxDepth = maxDepth;
  }

  byteAt(p: number): number | undefined {
    return p < this.#end ? this.#bytes[p] : undefined;
  }

  space(start: number): number {
    let p = start;
    for (let byte = this.byteAt(p); byte === 32 || byte === 9 || byte === 13 || byte === 10;) {
      byte = this.byteAt(++p);
    }
    if (p > start) this.isLoose = true;
    return p;
  }

  /** Any value. `depth` is how many lists and objects it is in. */
  value(start: number, depth: number): number {
    const byte = this.byteAt(start);
    if (byte === quote) return this.string(start);
    if (byte === 0x7b) return this.members(start, depth, (_, value) => this.value(value, depth + 1));
    if (byte === 0x5b) return this.#items(start, depth);
    if (byte === 0x74) return this.#literal(start, 'true');
    if (byte === 0x66) return this.#literal(start, 'false');
    if (byte === 0x6e) return this.#literal(start, 'null');
    return this.#number(start);
  }

  /** An object. `visit` steps over the value of each key; it is told where they begin. */
  members(start: number, depth: number, visit: (key: number, value: number) => number): number {
    this.#checkDepth(start, depth);
    let p = this.space(start + 1);
    if (this.byteAt(p) === 0x7d) return p + 1;
    for (;;) {
      const key = p;
      if (this.byteAt(p) !== quote) throw this.unexpected(p, 'a key in double quotes');
      p = this.space(this.string(p));
      if (this.byteAt(p) !== colon) throw this.unexpected(p, 'a colon');
      p = this.space(visit(key, this.space(p + 1)));
      if (this.byteAt(p) === 0x7d) return p + 1;
      if (this.byteAt(p) !== comma) throw this.unexpected(p, 'a comma or a closing brace');
      p = this.space(p + 1);
    }
  }

  /** A string with its quotes. */
  string(start: number): number {
    for (let p = start + 1; ; p++) {
      const byte = this.byteAt(p);
      if (byte === quote) return p + 1;
      if (byte === undefined) throw new JsonSyntaxError('the string is not closed', p);
      if (byte < 32) {
        throw new JsonSyntaxError('a control character in a string has to be escaped', p);
      }
      if (byte !== backslash) continue;
      this.isLoose = true;
      const letter = this.byteAt(++p);
      if (letter === 0x75) {
        for (let i = 0; i < 4; i++) {
          if (!isHexDigit(this.byteAt(++p))) throw this.unexpected(p, 'four hexadecimal digits');
        }
      } else if (letter === undefined || !'"\\/bfnrt'.includes(String.fromCharCode(letter))) {
        throw this.unexpected(p, 'an escape that JSON has');
      }
    }
  }

  unexpected(p: number, wanted: string): JsonSyntaxError {
    const byte = this.byteAt(p);
    const found = byte === undefined ? 'but it ends' : `found ${excerpt(this.#bytes, p, this.#end)}`;
    return new JsonSyntaxError(`${wanted} expected, ${found}`, p);
  }

  #items(start: number, depth: number): number {
    this.#checkDepth(start, depth);
    let p = this.space(start + 1);
    if (this.byteAt(p) === 0x5d) return p + 1;
    for (;;) {
      p = this.space(this.value(p, depth + 1));
      if (this.byteAt(p) === 0x5d) return p + 1;
      if (this.byteAt(p) !== comma) throw this.unexpected(p, 'a comma or a closing bracket');
      p = this.space(p + 1);
    }
  }

  #checkDepth(p: number, depth: number): void {
    if (depth < this.#maxDepth) return;
    throw new JsonSyntaxError(`more than ${this.#maxDepth} levels inside each other`, p);
  }

  #literal(start: number, text: string): number {
    for (let i = 1; i < text.length; i++) {
      if (this.byteAt(start + i) !== text.charCodeAt(i)) throw this.unexpected(start + i, text);
    }
    return start + text.length;
  }

  #number(start: number): number {
    let p = start;
    if (this.byteAt(p) === 0x2d) p++;
    if (!isDigit(this.byteAt(p))) throw this.unexpected(p, p === start ? 'a value' : 'a digit');
    p = this.byteAt(p) === 0x30 ? p + 1 : this.#digits(p);
    if (this.byteAt(p) === 0x2e) p = this.#digits(p + 1);
    const exponent = this.byteAt(p);
    if (exponent !== 0x65 && exponent !== 0x45) return p;
    const sign = this.byteAt(++p);
    return this.#digits(sign === 0x2b || sign === 0x2d ? p + 1 : p);
  }

  #digits(start: number): number {
    let p = start;
    while (isDigit(this.byteAt(p))) p++;
    if (p === start) throw this.unexpected(p, 'a digit');
    return p;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && /[\da-f]/i.test(String.fromCharCode(byte));
}

/** What there is at a place, in quotes. */
function excerpt(bytes: Uint8Array, p: number, end: number): string {
  const text = Buffer.from(bytes.subarray(p, Math.min(end, p + excerptBytes))).toString();
  const line = text.split(/[\r\n]/, 1)[0]!;
  return line.length > 20
    ? `${JSON.stringify(line.slice(0, 20))}…`
    : JSON.stringify(line || text.slice(0, 1));
}
