import type { Batch, ByteSource, Column, Reader, Schema } from '../contract.ts';
import { rowsBatch } from '../rows-batch.ts';
import type { ByteDialect } from './dialect.ts';
import { RecordStream } from './record-stream.ts';
import { Flag } from './tokenizer.ts';

/** Reads delimited text. Every cell is a string. */
export class DelimitedReader implements Reader {
  readonly #records: RecordStream;
  readonly #quote: string;
  readonly #header: boolean;
  #schema: Promise<Schema> | undefined;
  /** How many records of the current run are taken; none is current before the schema is known. */
  #taken = 0;
  #hasRun = false;

  constructor(bytes: ByteSource, format: string, dialect: ByteDialect, header: boolean) {
    this.#records = new RecordStream(bytes, format, dialect);
    this.#quote = String.fromCharCode(dialect.quote);
    this.#header = header;
  }

  schema(): Promise<Schema> {
    this.#schema ??= this.#readSchema();
    return this.#schema;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    try {
      const schema = await this.schema();
      let firstRow = 0;
      while (this.#hasRun) {
        const rows = this.#takeRows(schema.columns.length, firstRow);
        if (rows.length > 0) yield rowsBatch(schema, rows, firstRow);
        firstRow += rows.length;
        this.#taken = 0;
        this.#hasRun = await this.#records.next();
      }
    } finally {
      await this.#records.close();
    }
  }

  async #readSchema(): Promise<Schema> {
    this.#hasRun = await this.#records.next();
    if (!this.#hasRun) return { columns: [] };
    const cells = this.#takeRecord(0);
    if (!this.#header) {
      return { columns: cells.map((_, i) => stringColumn(`column${i + 1}`)) };
    }
    this.#taken = 1;
    const seen = new Set<string>();
    for (const [i, name] of cells.entries()) {
      const at = this.#records.index.starts[i]!;
      if (name === '') {
        throw this.#records.errorAt(at, 'EMPTY_COLUMN_NAME', `column ${i + 1} has no name`, {
          hint: 'name the column in the header, or read the file with header: false',
        });
      }
      if (seen.has(name)) {
        throw this.#records.errorAt(at, 'DUPLICATE_COLUMN', `two columns are named ${JSON.stringify(name)}`, {
          field: name,
          hint: 'name each column differently in the header, or read the file with header: false',
        });
      }
      seen.add(name);
    }
    return { columns: cells.map(stringColumn) };
  }

  #takeRows(columns: number, firstRow: number): string[][] {
    const rows: string[][] = [];
    const { index } = this.#records;
    for (; this.#taken < index.records; this.#taken++) {
      const cells = this.#takeRecord(this.#taken);
      // A blank line holds no cells, unless a cell is all that a row has.
      if (cells.length === 1 && cells[0] === '' && columns > 1) continue;
      if (cells.length !== columns) {
        const from = this.#taken === 0 ? 0 : index.recordEnds[this.#taken - 1]!;
        const extra = Math.min(columns, cells.length - 1);
        throw this.#records.errorAt(
          index.starts[from + extra]!,
          'RAGGED_ROW',
          `a row of ${cells.length} cells in a table of ${columns} columns`,
          { row: firstRow + rows.length, hint: 'check the delimiter and the quotes of this line' },
        );
      }
      rows.push(cells);
    }
    return rows;
  }

  #takeRecord(record: number): string[] {
    const { index } = this.#records;
    const cells: string[] = [];
    const end = index.recordEnds[record]!;
    for (let i = record === 0 ? 0 : index.recordEnds[record - 1]!; i < end; i++) cells.push(this.#text(i));
    return cells;
  }

  #text(cell: number): string {
    const { bytes, index } = this.#records;
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const text = view.toString('utf8', index.starts[cell], index.ends[cell]);
    if ((index.flags[cell]! & Flag.doubled) === 0) return text;
    return text.replaceAll(this.#quote + this.#quote, () => this.#quote);
  }
}

function stringColumn(name: string): Column {
  return { name, type: { kind: 'string' } };
}
