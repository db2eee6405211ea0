/** Follows strings, comments and brackets through the lines of a document (TOML 1.0). */
export class LineScanner {
  /** The quotes of a string of several lines that is open. */
  #open: '"""' | "'''" | undefined;
  /** Brackets and braces that are open. */
  #depth = 0;
  /** The most that have been. */
  deepest = 0;

  get isInString(): boolean {
    return this.#open !== undefined;
  }

  scan(line: string): void {
    for (let at = 0; at < line.length;)
      at = this.#open === undefined ? this.#outside(line, at) : this.#inside(line, at);
  }

  #outside(line: string, at: number): number {
    const sign = line[at]!;
    if (sign === '#') return line.length;
    if (sign === '[' || sign === '{') this.deepest = Math.max(this.deepest, ++this.#depth);
    else if (sign === ']' || sign === '}') this.#depth--;
    if (sign !== '"' && sign !== "'") return at + 1;
    if (line.startsWith(sign.repeat(3), at)) {
      this.#open = sign === '"' ? '"""' : "'''";
      return at + 3;
    }
    for (let end = at + 1; end < line.length; end++) {
      if (line[end] === '\\' && sign === '"') end++;
      else if (line[end] === sign) return end + 1;
    }
    return line.length;
  }

  #inside(line: string, at: number): number {
    const quotes = this.#open!;
    if (line[at] === '\\' && quotes === '"""') return at + 2;
    if (!line.startsWith(quotes, at)) return at + 1;
    this.#open = undefined;
    // Two more may stand in front of those that close.
    let end = at + 3;
    for (let more = 0; more < 2 && line[end] === quotes[0]; more++) end++;
    return end;
  }
}
