import type { ColumnData, RandomAccessSource } from '@x/formats';
import { columnBuilder, textOf, valuesOf } from '@x/formats/columns';

import { corrupt } from '../errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { RowGroup } from '../metadata/file-metadata.ts';
import { dataTypeOf } from '../schema/data-type.ts';
import { type Leaf, leavesOf } from '../schema/tree.ts';
import { Assembler } from './assemble.ts';
import { ColumnCursor, type Entries } from './column-cursor.ts';
import { PageDecoder } from './decode-page.ts';
import { Pages } from './pages.ts';
import type { WantedColumn } from './read-plan.ts';

/** Fewer rows are not worth a batch, where pages are smaller. */
const fewestRows = 2048;
/** Rows whose lists and objects are made at once. */
const mostNestedRows = 8192;

interface OpenColumn extends WantedColumn {
  readonly cursors: ReadonlyMap<Leaf, ColumnCursor>;
  /** The only leaf, where it is the column. */
  readonly flat: ColumnCursor | undefined;
}

/** Goes through the rows of a row group. */
export class RowGroupCursor {
  readonly #columns: readonly OpenColumn[];
  /** Rows that are left. */
  #rows: number;

  constructor(
    source: RandomAccessSource,
    kernel: Kernel,
    group: RowGroup,
    wanted: readonly WantedColumn[],
    maxPageBytes: number,
  ) {
    this.#rows = group.rows;
    this.#columns = wanted.map((column) => {
      const isFlat = column.node.kind === 'leaf';
      const cursors = new Map(
        leavesOf(column.node).map((leaf) => {
          const chunk = group.columns[leaf.column];
          if (chunk === undefined)
            throw corrupt(`a row group has no column ${leaf.path}`, { field: leaf.path });
          if (chunk.type !== leaf.physical) {
            throw corrupt(`the column ${leaf.path} is ${leaf.physical}, and ${chunk.type} in a row group`);
          }
          const pages = new Pages(source, chunk, maxPageBytes);
          return [
            leaf,
            new ColumnCursor(leaf, pages, new PageDecoder(kernel, leaf, chunk.codec, isFlat)),
          ] as const;
        }),
      );
      const [only] = cursors.values();
      return { ...column, cursors, flat: isFlat ? only : undefined };
    });
  }

  get rows(): number {
    return this.#rows;
  }

  /** The columns of some of the rows that come next. */
  async take(most: number): Promise<{ readonly rows: number; readonly columns: ColumnData[] }> {
    let rows = Math.min(most, this.#rows);
    for (const { flat } of this.#columns) {
      rows = Math.min(
        rows,
        flat === undefined ? mostNestedRows : Math.max(fewestRows, await flat.available()),
      );
    }
    const columns: ColumnData[] = [];
    for (const column of this.#columns) columns.push(await this.#takeColumn(column, rows));
    this.#rows -= rows;
    if (this.#rows === 0) {
      for (const { cursors } of this.#columns) for (const cursor of cursors.values()) await cursor.finish();
    }
    return { rows, columns };
  }

  async #takeColumn({ node, flat, cursors, asText, column }: OpenColumn, rows: number): Promise<ColumnData> {
    let data: ColumnData;
    if (flat !== undefined) data = await flat.take(rows);
    else {
      const entries = new Map<Leaf, Entries>();
      for (const [leaf, cursor] of cursors) entries.set(leaf, await cursor.takeEntries(rows));
      data = { kind: 'values', values: new Assembler(node, entries).values(rows) };
    }
    if (!asText) return data;
    const type = dataTypeOf(node);
    const valueAt = valuesOf(data, type);
    const builder = columnBuilder({ kind: 'string' }, rows);
    for (let i = 0; i < rows; i++) {
      const value = valueAt(i);
      const place = { format: 'parquet', row: 0, field: column.name, type };
      builder.add(value === null || value === undefined ? null : textOf(value, place));
    }
    return builder.build();
  }
}
