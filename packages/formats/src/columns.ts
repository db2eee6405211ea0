export { type ColumnBuilder, columnBuilder, unscaledValue } from './columns/column-builder.ts';
export { columnsBatch } from './columns/columns-batch.ts';
export { type Columns, columnsOf } from './columns/columns-of.ts';
export type { ColumnsPlan } from './columns/columns-plan.ts';
