import { type ByteSink, type Column, FormatError, type Value } from '@x/formats';
import { ByteWriter, columnLetters, maxColumns, maxRows, type TableEncoder } from '@x/formats/rows';
import { ArchiveWriter } from '@x/formats/zip';

import { format } from '../errors.ts';
import type { WritePlan } from '../options.ts';
import { cellXml } from './cell-xml.ts';
import { partsBefore, sheetEnd, sheetPart, sheetStart } from './parts.ts';

/** Bytes of XML that are compressed at once. */
const drainAt = 64 * 1024;

/** Writes a workbook of one sheet. */
export class WorkbookEncoder implements TableEncoder {
  readonly #archive: ArchiveWriter;
  readonly #plan: WritePlan;
  readonly #xml = new ByteWriter();
  #columns: readonly Column[] = [];
  #letters: readonly string[] = [];
  #row = 0;
  #hasBegun = false;

  constructor(sink: ByteSink, plan: WritePlan) {
    this.#archive = new ArchiveWriter(sink, format);
    this.#plan = plan;
  }

  begin(columns: readonly Column[]): void {
    if (columns.length > maxColumns) {
      throw new FormatError(
        'UNREPRESENTABLE',
        `a sheet has ${maxColumns} columns at most, not ${columns.length}`,
        {
          format,
          field: columns[maxColumns]!.name,
          hint: 'leave some out with columns',
        },
      );
    }
    this.#columns = columns;
    this.#letters = columns.map((_, i) => columnLetters(i));
    this.#xml.text(sheetStart);
    if (!this.#plan.header || columns.length === 0) return;
    const text = { kind: 'string' } as const;
    this.#putRow(
      columns.map(({ name }) => name),
      columns.map(({ name }) => ({ name, type: text })),
      undefined,
    );
  }

  addRow(values: readonly Value[], row: number): void {
    this.#putRow(values, this.#columns, row);
  }

  async drain(): Promise<void> {
    if (this.#xml.length >= drainAt) await this.#passOn();
  }

  async end(): Promise<void> {
    this.#xml.text(sheetEnd);
    await this.#passOn();
    await this.#archive.end();
    await this.#archive.finish();
  }

  #putRow(values: readonly Value[], columns: readonly Column[], row: number | undefined): void {
    const number = this.#row + 1;
    if (number > maxRows) {
      throw new FormatError('UNREPRESENTABLE', `a sheet has ${maxRows} rows at most`, {
        format,
        ...(row !== undefined && { row, field: columns[0]!.name }),
        hint: 'write several workbooks with skip and limit, or choose another format',
      });
    }
    let cells = '';
    for (let i = 0; i < columns.length; i++) {
      const value = values[i];
      if (value === null || value === undefined) continue;
      const { name: field, type } = columns[i]!;
      cells += cellXml(
        `${this.#letters[i]}${number}`,
        value,
        { format, row: row ?? 0, field, type },
        this.#plan,
      );
    }
    this.#xml.text(cells === '' ? `<row r="${number}"/>` : `<row r="${number}">${cells}</row>`);
    this.#row = number;
  }

  async #passOn(): Promise<void> {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      for (const [name, text] of partsBefore(this.#plan.sheet)) await this.#archive.add(name, text);
      this.#archive.begin(sheetPart);
    }
    await this.#archive.write(this.#xml.bytes);
    this.#xml.truncate(0);
  }
}
