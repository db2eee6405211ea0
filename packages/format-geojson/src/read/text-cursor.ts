import { FormatError } from '@x/formats';
import type { Ended } from '@x/formats/rows';

import { format } from '../options.ts';
import { afterSpace, ValueScan } from './json-text.ts';

/** A part of a document, and the line of the source that it begins in, from 1. */
export interface Part {
  readonly text: string;
  readonly line: number;
}

/** Goes through a JSON document value by value; of the text no more is held than a value. */
export class TextCursor {
  readonly #source: Ended<string>;
  readonly #maxBytes: number;
  #text = '';
  #at = 0;
  #line = 1;
  #isEnded = false;
  /** What has gone wrong behind the text that there is. */
  #failure: unknown;

  constructor(source: Ended<string>, maxBytes: number) {
    this.#source = source;
    this.#maxBytes = maxBytes;
  }

  get line(): number {
    return this.#line;
  }

  /** The character behind the space that follows, without passing it; undefined at the end. */
  async peek(): Promise<string | undefined> {
    for (;;) {
      this.#pass(afterSpace(this.#text, this.#at));
      if (this.#at < this.#text.length) return this.#text[this.#at];
      if (!(await this.#readOn())) return undefined;
    }
  }

  /** Passes the character that was peeked at. */
  take(): void {
    this.#pass(this.#at + 1);
  }

  /**
   * The value that follows, as its text: its brackets and quotes match, whatever is in between.
   *
   * @throws {FormatError} TRUNCATED, LIMIT
   */
  async value(): Promise<Part> {
    if ((await this.peek()) === undefined) throw this.truncated();
    const scan = new ValueScan(this.#at);
    for (;;) {
      const end = scan.end(this.#text, this.#isEnded);
      if (end !== undefined) {
        if (end - this.#at > this.#maxBytes) throw this.#tooLong();
        const part = { text: this.#text.slice(this.#at, end), line: this.#line };
        this.#pass(end);
        return part;
      }
      if (this.#isEnded) throw this.truncated();
      scan.move(this.#at);
      await this.#readOn();
    }
  }

  truncated(): FormatError {
    return new FormatError('TRUNCATED', 'the document ends in the middle', {
      format,
      line: this.#line,
      column: 1,
      hint: 'it was not written or copied to its end: get it once more',
    });
  }

  async close(): Promise<void> {
    await this.#source.return();
  }

  #pass(to: number): void {
    for (
      let at = this.#text.indexOf('\n', this.#at);
      at >= 0 && at < to;
      at = this.#text.indexOf('\n', at + 1)
    ) {
      this.#line++;
    }
    this.#at = to;
  }

  async #readOn(): Promise<boolean> {
    if (this.#isEnded) return false;
    const held = this.#text.length - this.#at;
    if (held > this.#maxBytes) throw this.#tooLong();
    // As much again as there is, so that a long value is not put together again and again.
    const parts = [this.#text.slice(this.#at)];
    for (let more = 0; more === 0 || more < held;) {
      const value = await this.#next(more > 0);
      if (value === undefined) break;
      parts.push(value);
      more += value.length;
    }
    this.#text = parts.join('');
    this.#at = 0;
    return parts.length > 1;
  }

  /** What goes wrong is not said before that has been looked at which has come before. */
  async #next(hasMore: boolean): Promise<string | undefined> {
    try {
      if (this.#failure !== undefined) throw this.#failure;
      const { done, value } = await this.#source.next();
      this.#isEnded = done === true;
      return done === true ? undefined : value;
    } catch (error) {
      if (!hasMore) throw error;
      this.#failure = error;
      return undefined;
    }
  }

  #tooLong(): FormatError {
    const what = `a feature, or a member of the document, has more than ${this.#maxBytes} characters`;
    return new FormatError('LIMIT', what, {
      format,
      line: this.#line,
      column: 1,
      hint: 'raise maxRecordBytes if the file is to be trusted',
    });
  }
}
