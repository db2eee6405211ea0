import { type Column, type DataType, FormatError, type RandomAccessSource, type Value } from '@x/formats';
import {
  BadRow,
  columnLetters,
  type RowChunk,
  type RowSource,
  sheetColumnNames,
  textOf,
} from '@x/formats/rows';
import { Archive } from '@x/formats/zip';

import { format } from '../errors.ts';
import type { ReadPlan } from '../options.ts';
import type { Cell } from './cell-value.ts';
import { isOf, typeOf } from './column-type.ts';
import { rowsOf } from './document.ts';
import type { SheetRow } from './sheet-rows.ts';

/** Rows that are given on at once at most. */
const chunkRows = 1000;

/** Reads the rows of a sheet. */
export class SheetSource implements RowSource {
  readonly #source: RandomAccessSource;
  readonly #plan: ReadPlan;
  #names: readonly string[] = [];
  #types: readonly DataType[] = [];
  #rows: AsyncGenerator<readonly SheetRow[], void> | undefined;
  #scanned: SheetRow[] = [];

  constructor(source: RandomAccessSource, plan: ReadPlan) {
    this.#source = source;
    this.#plan = plan;
  }

  async open(): Promise<readonly Column[]> {
    const { header, scanLimit } = this.#plan;
    this.#rows = rowsOf(await Archive.open(this.#source, format), this.#plan);
    while (this.#scanned.length <= scanLimit) {
      const { done, value } = await this.#rows.next();
      if (done === true) break;
      this.#scanned.push(...value);
      // What is in front of the names is no row.
      if (header && this.#scanned.every(isEmpty)) this.#scanned = [];
    }
    const first = header ? this.#takeHeader() : undefined;
    const looked = this.#scanned.slice(0, scanLimit);
    this.#names = header
      ? sheetColumnNames(format, Array.from(first?.cells ?? [], nameIn), first?.number ?? 1, this.#plan)
      : Array.from({ length: Math.max(0, ...looked.map(({ cells }) => cells.length)) }, (_, i) =>
          columnLetters(i),
        );
    this.#types = this.#names.map((_, i) => typeOf(looked.map(({ cells }) => cells[i])));
    return this.#names.map((name, i) => ({ name, type: this.#types[i]! }));
  }

  async *chunks(): AsyncGenerator<RowChunk> {
    const { emptyRows } = this.#plan;
    const emptyRow = this.#names.map(() => null);
    let rows: (readonly Value[] | BadRow)[] = [];
    let waiting = 0;
    for await (const sheetRows of this.#all()) {
      for (const row of sheetRows) {
        if (isEmpty(row)) {
          if (emptyRows !== 'skip') waiting += row.times;
          if (emptyRows !== 'keep') continue;
        }
        const values = isEmpty(row) ? undefined : this.#valuesOf(row);
        // One at a time: a few bytes can stand for a million of rows.
        for (let left = waiting + (values === undefined ? 0 : row.times); left > 0; left--) {
          rows.push(waiting-- > 0 ? emptyRow : values!);
          if (rows.length < chunkRows) continue;
          yield { rows };
          rows = [];
        }
        waiting = 0;
      }
      if (rows.length > 0) yield { rows };
      rows = [];
    }
  }

  async close(): Promise<void> {
    await this.#rows?.return();
  }

  async *#all(): AsyncGenerator<readonly SheetRow[]> {
    const scanned = this.#scanned;
    this.#scanned = [];
    yield scanned;
    yield* this.#rows!;
  }

  /** Takes the first row with a value, and what is in front of it. */
  #takeHeader(): SheetRow | undefined {
    const at = this.#scanned.findIndex((row) => !isEmpty(row));
    const found = this.#scanned[at];
    if (found === undefined) return undefined;
    if (found.bad !== undefined) throw found.bad.error;
    const { number, times } = found;
    const alike = times > 1 ? [{ ...found, number: number + 1, times: times - 1 }] : [];
    this.#scanned = [...alike, ...this.#scanned.slice(at + 1)];
    return found;
  }

  #valuesOf({ number, cells, bad }: SheetRow): readonly Value[] | BadRow {
    if (bad !== undefined) return bad;
    const names = this.#names;
    const { sheet } = this.#plan;
    const place = sheet === undefined ? '' : ` of the sheet ${JSON.stringify(sheet)}`;
    if (cells.length > names.length) {
      const letters = columnLetters(cells.length - 1);
      const hint = `give the column ${letters} a name in the first row`;
      const what = `the cell ${letters}${number}${place} is in a column without a name`;
      return refused('RAGGED_ROW', what, cells, { hint });
    }
    const values: Value[] = [];
    for (let i = 0; i < names.length; i++) {
      const cell = cells[i];
      const type = this.#types[i]!;
      if (cell !== undefined && !isOf(cell, type)) {
        const unit = 'unit' in type ? ` in ${type.unit}` : '';
        const what = `the cell ${columnLetters(i)}${number}${place} is no ${type.kind}${unit}`;
        const hint = 'raise scanLimit, so that the type of the column is found by more rows';
        return refused('TYPE_MISMATCH', what, cells, { field: names[i]!, hint });
      }
      values.push(cell === undefined ? null : cell.value);
    }
    return values;
  }
}

/** The text of a cell that names a column. */
function nameIn(cell: Cell | undefined): string {
  const value = cell?.value;
  if (value === null || value === undefined) return '';
  return textOf(value, { format, row: 0, field: '', type: typeOf([cell]) });
}

function isEmpty({ cells, bad }: SheetRow): boolean {
  return cells.length === 0 && bad === undefined;
}

function refused(
  code: 'RAGGED_ROW' | 'TYPE_MISMATCH',
  what: string,
  cells: readonly (Cell | undefined)[],
  details: { hint: string; field?: string },
): BadRow {
  const record = Array.from(cells, (cell) => String(cell?.value ?? '')).join(',');
  return new BadRow(new FormatError(code, what, { format, ...details }), Buffer.from(record));
}
