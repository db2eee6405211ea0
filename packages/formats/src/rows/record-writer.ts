import type { Batch, ByteSink, Column, CommonWriteOptions, Value, Writer } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { ByteWriter } from './byte-writer.ts';

/** Turns rows into bytes of a format whose records say their own keys, so that a key may come late. */
export interface RecordEncoder {
  /** What is in front of the first record. */
  begin(out: ByteWriter): void;
  /**
   * Writes a row; what has been written of one that is refused is taken back.
   *
   * @throws {FormatError} when the format cannot hold it.
   */
  record(out: ByteWriter, columns: readonly Column[], values: readonly Value[], row: number): void;
  /** What is behind the last of so many records. */
  end(out: ByteWriter, records: number): void;
}

/** Writes by an encoder, record by record. */
export class RecordWriter implements Writer {
  readonly #sink: ByteSink;
  readonly #encoder: RecordEncoder;
  readonly #onBadRow: CommonWriteOptions['onBadRow'];
  readonly #out = new ByteWriter();
  #records = 0;
  #hasBegun = false;

  constructor(sink: ByteSink, encoder: RecordEncoder, { onBadRow }: CommonWriteOptions) {
    this.#sink = sink;
    this.#encoder = encoder;
    this.#onBadRow = onBadRow;
  }

  async write(batch: Batch): Promise<void> {
    this.#begin();
    const { columns } = batch.schema;
    let row = batch.firstRow;
    for (const values of batch.rows()) {
      row++;
      const { length } = this.#out;
      try {
        this.#encoder.record(this.#out, columns, values, row);
        this.#records++;
      } catch (error) {
        this.#out.truncate(length);
        if (this.#onBadRow === undefined || !(error instanceof FormatError)) throw error;
        this.#onBadRow(error, row, values);
      }
      await this.#out.drain(this.#sink);
    }
  }

  async finish(): Promise<void> {
    this.#begin();
    this.#encoder.end(this.#out, this.#records);
    await this.#out.drain(this.#sink, true);
  }

  #begin(): void {
    if (!this.#hasBegun) this.#encoder.begin(this.#out);
    this.#hasBegun = true;
  }
}
