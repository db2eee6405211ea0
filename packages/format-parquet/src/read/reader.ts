import {
  type Batch,
  type ByteSource,
  FormatError,
  type RandomAccessSource,
  type Reader,
  type Schema,
} from '@x/formats';
import { columnsBatch, textColumn, type WantedColumn, wantedColumns } from '@x/formats/columns';

import { corrupt } from '../errors.ts';
import { Kernel } from '../kernel/kernel.ts';
import type { FileMetadata } from '../metadata/file-metadata.ts';
import { columnOf } from '../schema/data-type.ts';
import { leavesOf, type Node, schemaTree } from '../schema/tree.ts';
import { readFooter } from './footer.ts';
import type { ParquetReadPlan } from './read-plan.ts';
import { RowGroupCursor } from './row-group.ts';

interface Opened {
  readonly metadata: FileMetadata;
  readonly nodes: readonly Node[];
  readonly wanted: readonly WantedColumn[];
  readonly schema: Schema;
}

/** Reads a file row group by row group, and of each only the columns that are wanted. */
export class ParquetReader implements Reader {
  readonly #source: RandomAccessSource;
  readonly #plan: ParquetReadPlan;
  #opened: Promise<Opened> | undefined;
  #isUsed = false;

  /** @throws {FormatError} BAD_OPTION for a source that can be read in order only. */
  constructor(bytes: ByteSource, plan: ParquetReadPlan) {
    if (!isRandomAccess(bytes)) {
      throw new FormatError(
        'BAD_OPTION',
        'Parquet is read from its end, and the source can only be read in order',
        {
          format: 'parquet',
          hint: 'give a source with size and readAt, such as an open file',
        },
      );
    }
    this.#source = bytes;
    this.#plan = plan;
  }

  async schema(): Promise<Schema> {
    return (await this.#open()).schema;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    if (this.#isUsed) throw new TypeError('a reader is iterated once; make another one for another pass');
    this.#isUsed = true;
    const { metadata, nodes, wanted, schema } = await this.#open();
    const wantedNodes = wanted.map(({ from }) => nodes[from]!);
    const { batchSize, maxPageBytes } = this.#plan;
    const end = this.#plan.skip + this.#plan.limit;
    const kernel = new Kernel();
    let row = 0;
    for (const group of metadata.rowGroups) {
      if (row >= end) return;
      if (row + group.rows <= this.#plan.skip) {
        row += group.rows;
        continue;
      }
      const cursor = new RowGroupCursor(this.#source, kernel, group, wantedNodes, maxPageBytes);
      while (cursor.rows > 0 && row < end) {
        const isSkipped = row < this.#plan.skip;
        const most = isSkipped ? this.#plan.skip - row : Math.min(batchSize, end - row);
        const { rows, columns } = await cursor.take(most);
        if (!isSkipped) {
          const asAsked = columns.map((data, i) => {
            return wanted[i]!.asText
              ? textColumn(data, columnOf(wantedNodes[i]!), rows, 'parquet', row)
              : data;
          });
          yield columnsBatch(schema, asAsked, rows, row);
        }
        row += rows;
      }
    }
  }

  #open(): Promise<Opened> {
    this.#opened ??= this.#begin();
    return this.#opened;
  }

  async #begin(): Promise<Opened> {
    const metadata = await readFooter(this.#source);
    const nodes = schemaTree(metadata.schema);
    const leaves = nodes.flatMap(leavesOf).length;
    for (const group of metadata.rowGroups) {
      if (group.columns.length !== leaves) {
        throw corrupt(`a row group has ${group.columns.length} columns, the schema ${leaves}`);
      }
    }
    const wanted = wantedColumns(nodes.map(columnOf), this.#plan, this.#plan.types);
    return { metadata, nodes, wanted, schema: { columns: wanted.map(({ column }) => column) } };
  }
}

function isRandomAccess(bytes: ByteSource): bytes is RandomAccessSource {
  return 'readAt' in bytes && typeof bytes.readAt === 'function' && 'size' in bytes;
}
