import type { Batch, ByteSink, Writer } from '../contract.ts';
import { jsonOf } from './stringify.ts';

/** Writes JSON Lines: one object a line, keys in the order of the columns. */
export class JsonLinesWriter implements Writer {
  readonly #sink: ByteSink;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  async write(batch: Batch): Promise<void> {
    const { columns } = batch.schema;
    const keys = columns.map((column) => `${JSON.stringify(column.name)}:`);
    let text = '';
    let row = batch.firstRow;
    for (const values of batch.rows()) {
      let line = '';
      for (const [i, column] of columns.entries()) {
        const value = values[i];
        if (value === undefined) continue;
        line +=
          (line === '' ? '' : ',') + keys[i]! + jsonOf(value, { format: 'jsonl', row, field: column.name });
      }
      text += `{${line}}\n`;
      row++;
    }
    if (text !== '') await this.#sink.write(Buffer.from(text));
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }
}
