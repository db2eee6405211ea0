import type { ArenaCells } from '../batch/arena-cells.ts';
import { CellReader, isSpelled } from '../batch/cell-reader.ts';
import type { Batch, ColumnData, DataType, Value } from '../contract.ts';
import type { Arena } from '../kernel/arena.ts';
import { type ColumnKernel, columnKernelOf } from '../kernel/columns.ts';
import { Report } from '../kernel/simd.ts';
import { columnBuilder } from './column-builder.ts';
import { type ColumnsPlan, mismatch } from './columns-plan.ts';
import { Scratch } from './scratch.ts';

/** What may be overwritten behind text. */
const margin = 64;

/** A column that the kernel takes, and where it puts it. */
interface Place {
  /** In the plan. */
  readonly column: number;
  /** Number of its cell in the row. */
  readonly cell: number;
  readonly type: DataType;
  readonly validityAt: number;
  readonly valuesAt: number;
  /** Of text. */
  readonly bytesAt: number;
}

const kernelKinds = new Set<DataType['kind']>(['integer', 'float64', 'boolean', 'string']);
const perSecond = { ms: 1000, us: 1_000_000, ns: 1_000_000_000 } as const;

/** Whether the kernel makes values of a column of that type from cells read as of another. */
function isForKernel(type: DataType, read: DataType): boolean {
  if (type.kind === 'date' || type.kind === 'timestamp') return read.kind === type.kind;
  return kernelKinds.has(type.kind) && !isSpelled(read);
}

/**
 * The cells of a batch column by column, in the arena: valid until anything is allocated there.
 *
 * @throws {FormatError} TYPE_MISMATCH for a cell that its column's type cannot hold.
 */
export async function columnsOfCells(
  batch: Batch,
  cells: ArenaCells,
  plan: ColumnsPlan,
): Promise<ColumnData[]> {
  const { arena } = cells.place;
  const places = await placesOf(batch, cells, plan);
  const filled = new Map(places.map((place) => [place.column, fill(batch, cells, plan, place)]));
  return plan.columns.map(
    (_, column) => filled.get(column)?.(arena) ?? columnByValue(batch, cells, plan, column),
  );
}

/** Makes room for everything, so that nothing moves once there is something. */
async function placesOf(batch: Batch, cells: ArenaCells, plan: ColumnsPlan): Promise<Place[]> {
  const { rowCount } = batch;
  const { arena, pairsAt, stride, order } = cells.place;
  const scratch = Scratch.of(arena);
  await scratch.region('left', rowCount * 4);
  const places: Place[] = [];
  for (const [column, { type }] of plan.columns.entries()) {
    const from = plan.order[column]!;
    if (from < 0 || !isForKernel(type, batch.schema.columns[from]!.type)) continue;
    const cell = order[from]!;
    const isText = type.kind === 'string';
    const length = isText ? columnKernelOf(arena)!.cellsLength(pairsAt + cell * 8, stride, rowCount) : 0;
    places.push({
      column,
      cell,
      type,
      validityAt: await scratch.region(`validity ${column}`, (rowCount + 7) >> 3),
      valuesAt: await scratch.region(`values ${column}`, (rowCount + 1) * 8),
      bytesAt: isText ? await scratch.region(`bytes ${column}`, length + margin) : 0,
    });
  }
  return places;
}

/** Has the kernel take a column; gives what it will be, once nothing moves any more. */
function fill(
  batch: Batch,
  cells: ArenaCells,
  plan: ColumnsPlan,
  place: Place,
): (arena: Arena) => ColumnData {
  const { arena } = cells.place;
  const { rowCount: rows } = batch;
  const { validityAt, valuesAt, bytesAt } = place;
  const bytes = (rows + 7) >> 3;
  arena.bytes.fill(0, validityAt, validityAt + bytes);
  const hasNulls = take(columnKernelOf(arena)!, batch, cells, plan, place);
  const length = arena.words[(valuesAt >>> 2) + rows]!;
  return ({ bytes: { buffer } }) => {
    const validity = hasNulls ? new Uint8Array(buffer, validityAt, bytes) : undefined;
    switch (place.type.kind) {
      case 'integer':
        return { kind: 'int64', values: new BigInt64Array(buffer, valuesAt, rows), validity };
      case 'float64':
        return { kind: 'float64', values: new Float64Array(buffer, valuesAt, rows), validity };
      case 'timestamp':
        return { kind: 'int64', values: new BigInt64Array(buffer, valuesAt, rows), validity };
      case 'date':
        return { kind: 'int32', values: new Int32Array(buffer, valuesAt, rows), validity };
      case 'boolean':
        return { kind: 'boolean', values: new Uint8Array(buffer, valuesAt, rows), validity };
      default: {
        const offsets = new Uint32Array(buffer, valuesAt, rows + 1);
        return { kind: 'bytes', offsets, bytes: new Uint8Array(buffer, bytesAt, length), validity };
      }
    }
  };
}

/** Gives whether there are nulls. */
function take(
  kernel: ColumnKernel,
  batch: Batch,
  cells: ArenaCells,
  plan: ColumnsPlan,
  place: Place,
): boolean {
  const { arena, stride, quote } = cells.place;
  const { validityAt, valuesAt, bytesAt } = place;
  const { rowCount: rows } = batch;
  const pairs = cells.place.pairsAt + place.cell * 8;
  const kinds = cells.place.kindsAt + place.cell;
  if (place.type.kind === 'string') {
    const taken = kernel.cellsToText(pairs, kinds, stride, rows, quote, valuesAt, validityAt, bytesAt);
    if (taken < rows) throw refusal(batch, cells, plan, place.column, taken);
    return arena.words[Report.rows]! > 0;
  }
  const leftAt = Scratch.of(arena).at('left');
  const cellsAt = [pairs, kinds, stride, rows, valuesAt, validityAt, leftAt] as const;
  const left = takeValues(kernel, place.type, cellsAt);
  const hasNulls = arena.words[Report.rows]! > 0;
  for (let i = 0; i < left; i++) takeByValue(batch, cells, plan, place, arena.words[(leftAt >>> 2) + i]!);
  return hasNulls;
}

/** Gives how many cells the kernel has left. */
function takeValues(
  kernel: ColumnKernel,
  type: DataType,
  cellsAt: Readonly<Parameters<ColumnKernel['cellsToIntegers']>>,
): number {
  switch (type.kind) {
    case 'integer':
      return kernel.cellsToIntegers(...cellsAt);
    case 'float64':
      return kernel.cellsToDoubles(...cellsAt);
    case 'date':
      return kernel.cellsToDays(...cellsAt);
    case 'timestamp':
      return kernel.cellsToMoments(...cellsAt, perSecond[type.unit]);
    default:
      return kernel.cellsToBooleans(...cellsAt);
  }
}

/** A cell that the kernel has left. */
function takeByValue(batch: Batch, cells: ArenaCells, plan: ColumnsPlan, place: Place, row: number): void {
  const builder = columnBuilder(place.type, 1);
  if (!builder.add(valueOf(batch, cells, plan, place.column, row))) {
    throw refusal(batch, cells, plan, place.column, row);
  }
  const data = builder.build();
  if (data.kind !== 'values' && data.kind !== 'bytes' && data.kind !== 'dictionary') {
    const { buffer, byteOffset, byteLength } = data.values;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    cells.place.arena.bytes.set(bytes, place.valuesAt + row * byteLength);
  }
}

function columnByValue(batch: Batch, cells: ArenaCells, plan: ColumnsPlan, column: number): ColumnData {
  const builder = columnBuilder(plan.columns[column]!.type, batch.rowCount);
  for (let row = 0; row < batch.rowCount; row++) {
    const isTaken = plan.order[column]! < 0 || builder.add(valueOf(batch, cells, plan, column, row));
    if (!isTaken) throw refusal(batch, cells, plan, column, row);
    if (plan.order[column]! < 0) builder.add(null);
  }
  return builder.build();
}

function refusal(batch: Batch, cells: ArenaCells, plan: ColumnsPlan, column: number, row: number) {
  const value = valueOf(batch, cells, plan, column, row);
  return mismatch(batch, plan, column, batch.firstRow + row + 1, value);
}

const readers = new WeakMap<ArenaCells, CellReader>();

function valueOf(batch: Batch, cells: ArenaCells, plan: ColumnsPlan, column: number, row: number): Value {
  const { stride, order } = cells.place;
  const from = plan.order[column]!;
  const reader = readers.get(cells) ?? new CellReader(cells);
  readers.set(cells, reader);
  return reader.value(row * stride + order[from]!, batch.schema.columns[from]!.type);
}
