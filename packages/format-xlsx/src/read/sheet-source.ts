import { type Column, type DataType, FormatError, type RandomAccessSource, type Value } from '@x/formats';
import {
  parseDate,
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
import { readSharedTexts } from './shared-texts.ts';
import { type Cell, SheetCells, type SheetRow } from './sheet-cells.ts';
import { chosenSheet, readWorkbook } from './workbook.ts';
import { readXml } from './xml-part.ts';

/** Reads the rows of a sheet. */
export class SheetSource implements RowSource {
  readonly #source: RandomAccessSource;
  readonly #plan: ReadPlan;
  #names: readonly string[] = [];
  #types: readonly DataType[] = [];
  #rows: AsyncGenerator<readonly SheetRow[], void> | undefined;
  #scanned: SheetRow[] = [];
  /** Number of the last row of the sheet that has been given on. */
  #last = 0;

  constructor(source: RandomAccessSource, plan: ReadPlan) {
    this.#source = source;
    this.#plan = plan;
  }

  async open(): Promise<readonly Column[]> {
    const archive = await Archive.open(this.#source, format);
    const workbook = await readWorkbook(archive);
    const { part } = chosenSheet(workbook, this.#plan.sheet);
    const { maxSharedBytes, maxCellLength, header, scanLimit } = this.#plan;
    const texts = await readSharedTexts(archive, workbook.sharedTexts, maxSharedBytes);
    const cells = new SheetCells(texts, workbook.styles, workbook.is1904, maxCellLength);
    this.#rows = rowsOf(archive, part, cells);
    while (this.#scanned.length <= scanLimit) {
      const { done, value } = await this.#rows.next();
      if (done === true) break;
      this.#scanned.push(...value);
    }
    const first = header ? this.#takeHeader() : undefined;
    const width = this.#scanned
      .slice(0, scanLimit)
      .reduce((most, row) => Math.max(most, row.cells.length), 0);
    this.#names =
      first === undefined
        ? Array.from({ length: width }, (_, i) => columnLetters(i))
        : sheetColumnNames(format, Array.from(first.cells, nameIn), first.number, this.#plan);
    this.#types = this.#names.map((_, i) =>
      typeOf(this.#scanned.slice(0, scanLimit).map((row) => row.cells[i])),
    );
    return this.#names.map((name, i) => ({ name, type: this.#types[i]! }));
  }

  async *chunks(): AsyncGenerator<RowChunk> {
    let empty: (readonly Value[])[] = [];
    const { emptyRows } = this.#plan;
    for await (const sheetRows of this.#all()) {
      const rows: (readonly Value[] | BadRow)[] = [];
      for (const row of sheetRows) {
        const isEmpty = row.bad === undefined && row.cells.length === 0;
        if (emptyRows !== 'skip')
          for (let i = this.#last + 1; i < row.number; i++) empty.push(this.#emptyRow());
        this.#last = row.number;
        if (isEmpty) {
          if (emptyRows !== 'skip') empty.push(this.#emptyRow());
          if (emptyRows === 'inner') continue;
        }
        rows.push(...empty);
        empty = [];
        if (!isEmpty) rows.push(this.#valuesOf(row));
      }
      if (rows.length > 0) yield { rows };
    }
  }

  async close(): Promise<void> {
    await this.#rows?.return();
  }

  async *#all(): AsyncGenerator<readonly SheetRow[]> {
    const scanned = this.#scanned;
    this.#scanned = [];
    for (let from = 0; from < scanned.length; from += 1000) yield scanned.slice(from, from + 1000);
    for (;;) {
      const { done, value } = await this.#rows!.next();
      if (done === true) return;
      yield value;
    }
  }

  /** Takes the first row with a value, and what is in front of it. */
  #takeHeader(): SheetRow | undefined {
    const at = this.#scanned.findIndex(({ cells }) => cells.length > 0);
    const found = this.#scanned[at];
    if (found === undefined) return { number: 1, cells: [] };
    this.#scanned = this.#scanned.slice(at + 1);
    this.#last = found.number;
    return found;
  }

  #emptyRow(): null[] {
    return this.#names.map(() => null);
  }

  #valuesOf({ number, cells, bad }: SheetRow): readonly Value[] | BadRow {
    if (bad !== undefined) return bad;
    const names = this.#names;
    if (cells.length > names.length) {
      const at = `${columnLetters(cells.length - 1)}${number}`;
      const hint = `give the column at ${columnLetters(cells.length - 1)} a name in the first row`;
      return this.#bad('RAGGED_ROW', `the cell ${at} is in a column without a name`, cells, { hint });
    }
    const values: Value[] = [];
    for (let i = 0; i < names.length; i++) {
      const cell = cells[i];
      if (cell !== undefined && !isOf(cell, this.#types[i]!)) {
        return this.#bad(
          'TYPE_MISMATCH',
          `the cell ${columnLetters(i)}${number} is no ${this.#types[i]!.kind}`,
          cells,
          {
            field: names[i]!,
            hint: 'raise scanLimit, so that the type of the column is found by more rows',
          },
        );
      }
      const isDay = this.#types[i]!.kind === 'date';
      values.push(cell === undefined ? null : isDay ? dayIn(cell) : cell.value);
    }
    return values;
  }

  #bad(
    code: 'RAGGED_ROW' | 'TYPE_MISMATCH',
    what: string,
    cells: readonly (Cell | undefined)[],
    details: { hint: string; field?: string },
  ): BadRow {
    const record = Array.from(cells, (cell) => String(cell?.value ?? '')).join(',');
    return new BadRow(new FormatError(code, what, { format, ...details }), Buffer.from(record));
  }
}

/** The text of a cell that names a column. */
function nameIn(cell: Cell | undefined): string {
  const value = cell?.value;
  return value === null || value === undefined ? '' : textOf(value, { format, row: 0, field: '' });
}

async function* rowsOf(
  archive: Archive,
  part: string,
  cells: SheetCells,
): AsyncGenerator<readonly SheetRow[], void> {
  for await (const _ of readXml(archive.read(part), part, cells)) {
    const { rows } = cells;
    if (rows.length === 0) continue;
    cells.rows = [];
    yield rows;
  }
}

/** What all of the cells are, where dates are among them; numbers, texts and booleans tell for themselves. */
function typeOf(cells: readonly (Cell | undefined)[]): DataType {
  const meanings = new Set(cells.flatMap((cell) => (cell === undefined ? [] : [cell.meaning])));
  if (meanings.size === 1 && meanings.has('time')) return { kind: 'time', unit: 'ms' };
  const isDay = cells.every((cell) => cell === undefined || dayIn(cell) !== undefined);
  if (isDay && meanings.has('date') && !meanings.has('moment')) return { kind: 'date' };
  const isMoment = [...meanings].every((meaning) => meaning === 'date' || meaning === 'moment');
  return meanings.size > 0 && isMoment ? { kind: 'timestamp', unit: 'ms', zoned: false } : { kind: 'any' };
}

/** The day that a cell holds; where Excel has no number for it, as before 1900, the writer gives its text. */
function dayIn({ value }: Cell): Date | undefined {
  if (typeof value === 'string') return parseDate(value);
  return value instanceof Date && value.getTime() % 86_400_000 === 0 ? value : undefined;
}

function isOf(cell: Cell, type: DataType): boolean {
  const { value, meaning } = cell;
  if (type.kind === 'date') return dayIn(cell) !== undefined;
  if (type.kind === 'timestamp') return value instanceof Date;
  return type.kind !== 'time' || meaning === 'time';
}
