import { type Column, FormatError } from '@x/formats';
import { checkNamed, count, planRows, type RowPlan, selection } from '@x/formats/columns';

import type { ParquetReadOptions } from '../options.ts';
import { columnOf } from '../schema/data-type.ts';
import type { Node } from '../schema/tree.ts';

/** The read options with their defaults, checked. */
export interface ParquetReadPlan extends RowPlan {
  readonly types: ParquetReadOptions['types'];
  readonly maxPageBytes: number;
}

/** @throws {FormatError} BAD_OPTION with the option, its value and what it takes. */
export function planRead(options: ParquetReadOptions): ParquetReadPlan {
  return {
    ...planRows('parquet', options),
    types: options.types,
    maxPageBytes: count('parquet', 'maxPageBytes', options.maxPageBytes, 256 * 1024 * 1024, 1),
  };
}

/** A column that is wanted. */
export interface WantedColumn {
  readonly node: Node;
  readonly column: Column;
  /** Whether its values are to be turned into text. */
  readonly asText: boolean;
}

/** @throws {FormatError} NO_SUCH_COLUMN, DUPLICATE_COLUMN, or BAD_OPTION for a type that a column does not have. */
export function wantedColumns(nodes: readonly Node[], plan: ParquetReadPlan): WantedColumn[] {
  const names = nodes.map(({ name }) => name);
  const order = selection(names, plan.columns, 'parquet');
  const { types } = plan;
  checkNamed(names, types, 'parquet');
  const seen = new Set<string>();
  return order.map((i) => {
    const column = columnOf(nodes[i]!);
    const { name } = column;
    if (seen.has(name)) {
      throw new FormatError('DUPLICATE_COLUMN', `two columns have the name ${JSON.stringify(name)}`, {
        format: 'parquet',
        field: name,
      });
    }
    seen.add(name);
    const asked =
      typeof types === 'string' ? types : types && Object.hasOwn(types, name) ? types[name] : types?.['*'];
    if (asked === undefined || asked === 'infer' || asked === 'any' || asked === column.type.kind) {
      return { node: nodes[i]!, column, asText: false };
    }
    if (asked !== 'text' && asked !== 'string') {
      throw new FormatError('BAD_OPTION', `the column ${JSON.stringify(name)} is no ${asked}`, {
        format: 'parquet',
        field: name,
        hint: `it is ${column.type.kind}; types can make text of it`,
      });
    }
    const asText = column.type.kind !== 'string';
    return { node: nodes[i]!, column: { name, type: { kind: 'string' } }, asText };
  });
}
