import type { ByteSink, Column, Value } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { ByteWriter } from '../rows/byte-writer.ts';
import { maxColumns, maxRows } from '../rows/sheets.ts';
import type { TableEncoder } from '../rows/table-writer.ts';
import { refuseUnnamed } from '../sink/refuse-unnamed.ts';
import { ArchiveWriter } from './archive-writer.ts';
import { type CellForm, sheetCell } from './sheet-cell.ts';
import type { SheetWritePlan } from './sheet-options.ts';

/** Bytes of XML that are compressed at once. */
const drainAt = 64 * 1024;

/** A format whose files are archives with the XML of a sheet in one of their files. */
export interface SheetForm extends CellForm {
  readonly format: string;
  /** Writes the files in front of it. */
  writeParts(archive: ArchiveWriter, sheet: string): Promise<void>;
  /** Name of the file with the sheet. */
  readonly part: string;
  start(sheet: string, columns: number): string;
  /** A row with its cells, undefined for null, and its number in the sheet, from 1. */
  row(cells: readonly (string | undefined)[], number: number): string;
  end(rows: number): string;
}

const textType = { kind: 'string' } as const;

/** Writes a file with one sheet. */
export class SheetEncoder implements TableEncoder {
  readonly needsColumns = true;
  readonly #archive: ArchiveWriter;
  readonly #form: SheetForm;
  readonly #plan: SheetWritePlan;
  readonly #xml = new ByteWriter();
  #columns: readonly Column[] = [];
  #rows = 0;
  #hasBegun = false;

  constructor(sink: ByteSink, form: SheetForm, plan: SheetWritePlan) {
    this.#archive = new ArchiveWriter(sink, form.format);
    this.#form = form;
    this.#plan = plan;
  }

  begin(columns: readonly Column[]): void {
    if (columns.length > maxColumns) {
      throw new FormatError(
        'UNREPRESENTABLE',
        `a sheet has ${maxColumns} columns at most, not ${columns.length}`,
        {
          format: this.#form.format,
          field: columns[maxColumns]!.name,
          hint: 'leave some out with columns',
        },
      );
    }
    this.#columns = columns;
    this.#xml.text(this.#form.start(this.#plan.sheet, columns.length));
    if (!this.#plan.header || columns.length === 0) return;
    refuseUnnamed(columns, this.#form.format, ', or leave the names out with header: false');
    this.#putRow(
      columns.map(({ name }) => name),
      columns.map(({ name }) => ({ name, type: textType })),
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
    this.#xml.text(this.#form.end(this.#rows));
    await this.#passOn();
    await this.#archive.end();
    await this.#archive.finish();
  }

  discard(): void {
    this.#archive.discard();
  }

  #putRow(values: readonly Value[], columns: readonly Column[], row: number | undefined): void {
    const { format } = this.#form;
    if (this.#rows === maxRows) {
      throw new FormatError('UNREPRESENTABLE', `a sheet has ${maxRows} rows at most`, {
        format,
        ...(row !== undefined && { row, field: columns[0]!.name }),
        hint: 'write several files with skip and limit, or choose another format',
      });
    }
    const cells = columns.map(({ name: field, type }, i) => {
      const value = values[i];
      if (value === null || value === undefined) return undefined;
      return sheetCell(this.#form, value, { format, row: row ?? 0, field, type }, this.#plan);
    });
    this.#rows++;
    this.#xml.text(this.#form.row(cells, this.#rows));
  }

  async #passOn(): Promise<void> {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      await this.#form.writeParts(this.#archive, this.#plan.sheet);
      this.#archive.begin(this.#form.part);
    }
    await this.#archive.write(this.#xml.bytes);
    this.#xml.truncate(0);
  }
}
