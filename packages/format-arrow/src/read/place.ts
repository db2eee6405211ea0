import { FormatError, type FormatErrorCode, type FormatErrorDetails } from '@x/formats';

import { format, tooLarge } from '../errors.ts';

/** Where in the table values are that are decoded, and how many bytes they may still take. */
export class Place {
  readonly #field: string;
  /** Row of the table of the array's value 0, from 0; undefined where its values are parts of rows. */
  readonly #firstRow: number | undefined;
  readonly #budget: { left: number };

  constructor(field: string, firstRow: number | undefined, budget: { left: number }) {
    this.#field = field;
    this.#firstRow = firstRow;
    this.#budget = budget;
  }

  /** The place of the parts of the values here. */
  inside(): Place {
    return new Place(this.#field, undefined, this.#budget);
  }

  /** What is refused at the array's value number `index`. */
  error(code: FormatErrorCode, what: string, index: number, details: FormatErrorDetails = {}): FormatError {
    const row = this.#firstRow === undefined ? {} : { row: this.#firstRow + index + 1 };
    return new FormatError(code, what, { ...details, ...row, format, field: this.#field });
  }

  corrupt(what: string, index: number): FormatError {
    return this.error('CORRUPT', what, index, {
      hint: 'the file is damaged: get it once more from where it came',
    });
  }

  /** Whatever went wrong with a value, with its place. */
  placed(error: unknown, index: number): unknown {
    if (!(error instanceof FormatError) || error.row !== undefined) return error;
    const { code, problem, hint } = error;
    return this.error(code, problem, index, hint === undefined ? {} : { hint });
  }

  /**
   * Notes so many bytes that are made here and are not in the file: a few bytes may stand for many.
   *
   * @throws {FormatError} LIMIT
   */
  take(bytes: number): void {
    this.#budget.left -= bytes;
    if (this.#budget.left < 0)
      throw tooLarge(`the column ${JSON.stringify(this.#field)} has too much in few bytes`);
  }
}
