import type { Batch, ByteSink, Schema, Value, Writer } from '../contract.ts';
import { textOf } from '../value/text.ts';
import type { ByteDialect } from './dialect.ts';
import type { CsvWriteOptions } from './options.ts';

/** Writes delimited text; a cell is quoted where it has to be. Null is an empty cell. */
export class DelimitedWriter implements Writer {
  readonly #sink: ByteSink;
  readonly #format: string;
  readonly #delimiter: string;
  readonly #quote: string;
  readonly #special: RegExp;
  readonly #lineEnding: string;
  #headerDue: boolean;

  constructor(sink: ByteSink, format: string, dialect: ByteDialect, options: CsvWriteOptions) {
    this.#sink = sink;
    this.#format = format;
    this.#delimiter = String.fromCharCode(dialect.delimiter);
    this.#quote = String.fromCharCode(dialect.quote);
    this.#special = new RegExp(`[\\n\\r${escaped(this.#delimiter)}${escaped(this.#quote)}]`);
    this.#lineEnding = options.lineEnding ?? '\n';
    this.#headerDue = options.header ?? true;
  }

  async write(batch: Batch): Promise<void> {
    let text = this.#header(batch.schema);
    let row = batch.firstRow;
    for (const values of batch.rows()) {
      text += this.#line(values.map((value, i) => this.#cell(value, batch.schema, row, i)));
      row++;
    }
    if (text !== '') await this.#sink.write(Buffer.from(text));
  }

  async finish(schema?: Schema): Promise<void> {
    const text = schema === undefined ? '' : this.#header(schema);
    if (text !== '') await this.#sink.write(Buffer.from(text));
  }

  #header(schema: Schema): string {
    if (!this.#headerDue || schema.columns.length === 0) return '';
    this.#headerDue = false;
    return this.#line(schema.columns.map((column) => this.#quoted(column.name)));
  }

  #line(cells: readonly string[]): string {
    // A lone empty cell would be a blank line, which readers take for nothing.
    if (cells.length === 1 && cells[0] === '') return this.#quote + this.#quote + this.#lineEnding;
    return cells.join(this.#delimiter) + this.#lineEnding;
  }

  #cell(value: Value, schema: Schema, row: number, column: number): string {
    if (value === null || value === undefined) return '';
    return this.#quoted(
      textOf(value, { format: this.#format, row, field: schema.columns[column]?.name ?? '' }),
    );
  }

  #quoted(text: string): string {
    if (!this.#special.test(text)) return text;
    return this.#quote + text.replaceAll(this.#quote, () => this.#quote + this.#quote) + this.#quote;
  }
}

function escaped(character: string): string {
  return /[\w\s]/.test(character) ? character : `\\${character}`;
}
