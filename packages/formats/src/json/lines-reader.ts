import type { Batch, ByteSource, Reader, Schema, Value } from '../contract.ts';
import { FormatError, type FormatErrorCode, type FormatErrorDetails } from '../format-error.ts';
import { rowsBatch } from '../rows-batch.ts';
import { firstInvalidUtf8 } from '../utf8.ts';
import type { JsonReadOptions } from './options.ts';
import { JsonParser, JsonSyntaxError } from './parse.ts';
import { LineStream } from './line-stream.ts';

const format = 'jsonl';
const defaultMaxDepth = 256;

/** Reads JSON Lines: one object a line. The columns are the keys of the first batch. */
export class JsonLinesReader implements Reader {
  readonly #lines: LineStream;
  readonly #maxDepth: number;
  #records: Map<string, Value>[] | undefined;
  #firstRow = 0;
  #schema: Promise<Schema> | undefined;

  constructor(bytes: ByteSource, options: JsonReadOptions) {
    this.#lines = new LineStream(bytes);
    this.#maxDepth = options.maxDepth ?? defaultMaxDepth;
  }

  schema(): Promise<Schema> {
    this.#schema ??= this.#readSchema();
    return this.#schema;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    try {
      const schema = await this.schema();
      const columns = new Map(schema.columns.map((column, i) => [column.name, i]));
      for (; this.#records !== undefined; this.#records = await this.#nextRecords()) {
        const rows = this.#records.map((record, i) => this.#positional(record, columns, this.#firstRow + i));
        yield rowsBatch(schema, rows, this.#firstRow);
        this.#firstRow += rows.length;
      }
    } finally {
      await this.#lines.close();
    }
  }

  async #readSchema(): Promise<Schema> {
    this.#records = await this.#nextRecords();
    const names = new Set<string>();
    for (const record of this.#records ?? []) for (const key of record.keys()) names.add(key);
    return { columns: [...names].map((name) => ({ name, type: { kind: 'any' } })) };
  }

  async #nextRecords(): Promise<Map<string, Value>[] | undefined> {
    while (await this.#lines.next()) {
      const records: Map<string, Value>[] = [];
      for (const line of this.#lines.lines()) {
        const record = this.#parse(line.start, line.end, this.#firstRow + records.length);
        if (record !== undefined) records.push(record);
      }
      if (records.length > 0) return records;
    }
    return undefined;
  }

  #parse(start: number, end: number, row: number): Map<string, Value> | undefined {
    const { bytes } = this.#lines;
    const invalid = firstInvalidUtf8(bytes, start, end);
    if (invalid >= 0) throw this.#errorAt(start, invalid, 'INVALID_UTF8', 'the bytes are not UTF-8', { row });
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
    if (/^[ \t\r]*$/.test(text)) return undefined;
    try {
      const record = new JsonParser(text, this.#maxDepth).record();
      if (record !== undefined) return record;
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      const at = start + Buffer.byteLength(text.slice(0, error.at));
      throw this.#errorAt(start, at, 'INVALID_JSON', error.message, { row, cause: error });
    }
    throw this.#errorAt(start, start, 'NOT_AN_OBJECT', 'the line is JSON, but not an object', {
      row,
      hint: 'every line of JSON Lines has to be an object with the columns as keys',
    });
  }

  #positional(record: Map<string, Value>, columns: Map<string, number>, row: number): Value[] {
    const values = Array.from<Value>({ length: columns.size });
    for (const [key, value] of record) {
      const column = columns.get(key);
      if (column === undefined) {
        throw new FormatError(
          'EXTRA_KEY',
          `row ${row} has a key that no row before it had: ${JSON.stringify(key)}`,
          {
            format,
            row,
            field: key,
          },
        );
      }
      values[column] = value;
    }
    return values;
  }

  #errorAt(
    start: number,
    at: number,
    code: FormatErrorCode,
    what: string,
    details: FormatErrorDetails,
  ): FormatError {
    const place = this.#lines.locate(start, at);
    return new FormatError(code, `${what} (line ${place.line}, column ${place.column})`, {
      ...details,
      ...place,
      format,
    });
  }
}
