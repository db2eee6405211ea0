import type { ColumnData, RandomAccessSource } from '@x/formats';

import { corrupt } from '../errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { RowGroup } from '../metadata/file-metadata.ts';
import { type Leaf, leavesOf, type Node } from '../schema/tree.ts';
import { Assembler } from './assemble.ts';
import { ColumnCursor, type Entries } from './column-cursor.ts';
import { PageDecoder } from './decode-page.ts';
import { Pages } from './pages.ts';

/** Fewer rows are not worth a batch, where pages are smaller. */
const fewestRows = 2048;
/** Rows whose lists and objects are made at once. */
const mostNestedRows = 8192;

interface OpenColumn {
  readonly node: Node;
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
    nodes: readonly Node[],
    maxPageBytes: number,
  ) {
    this.#rows = group.rows;
    this.#columns = nodes.map((node) => {
      const isFlat = node.kind === 'leaf';
      const cursors = new Map(
        leavesOf(node).map((leaf) => {
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
      return { node, cursors, flat: isFlat ? only : undefined };
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

  async #takeColumn({ node, flat, cursors }: OpenColumn, rows: number): Promise<ColumnData> {
    if (flat !== undefined) return flat.take(rows);
    const entries = new Map<Leaf, Entries>();
    for (const [leaf, cursor] of cursors) entries.set(leaf, await cursor.takeEntries(rows));
    return { kind: 'values', values: new Assembler(node, entries).values(rows) };
  }
}
