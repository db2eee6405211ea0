import type { Arena } from './arena.ts';
import { columnsModule } from './columns.generated.ts';
import { webAssembly, type WasmMemory } from './web-assembly.ts';

/** What the module in assembly/columns exports; each function is documented there. */
export interface ColumnKernel {
  cellsToIntegers: CellsToValues;
  cellsToDoubles: CellsToValues;
  cellsToBooleans: CellsToValues;
  cellsToDays: CellsToValues;
  cellsToMoments(...place: [...Parameters<CellsToValues>, perSecond: number]): number;
  cellsLength(pairs: number, stride: number, rows: number): number;
  cellsToText(
    pairs: number,
    kinds: number,
    stride: number,
    rows: number,
    quote: number,
    offsets: number,
    validity: number,
    out: number,
  ): number;
  integersToCells(
    values: number,
    size: number,
    validity: number,
    bit: number,
    rows: number,
    scale: number,
    stride: number,
    pairs: number,
    kinds: number,
    out: number,
  ): void;
  doublesToCells(
    values: number,
    validity: number,
    bit: number,
    rows: number,
    stride: number,
    pairs: number,
    kinds: number,
    out: number,
    left: number,
  ): number;
  booleansToCells(
    values: number,
    validity: number,
    bit: number,
    rows: number,
    stride: number,
    pairs: number,
    kinds: number,
    out: number,
  ): void;
  datesToCells(
    values: number,
    validity: number,
    bit: number,
    rows: number,
    stride: number,
    pairs: number,
    kinds: number,
    out: number,
    left: number,
  ): number;
  timestampsToCells(
    values: number,
    perSecond: number,
    zoned: number,
    validity: number,
    bit: number,
    rows: number,
    stride: number,
    pairs: number,
    kinds: number,
    out: number,
    left: number,
  ): number;
  textsToCells(
    offsets: number,
    bytes: number,
    base: number,
    asJson: number,
    validity: number,
    bit: number,
    rows: number,
    stride: number,
    pairs: number,
    kinds: number,
  ): void;
  entriesToCells(
    indices: number,
    entryPairs: number,
    entryKinds: number,
    validity: number,
    bit: number,
    rows: number,
    stride: number,
    pairs: number,
    kinds: number,
  ): void;
  staticEnd(): number;
}

type CellsToValues = (
  pairs: number,
  kinds: number,
  stride: number,
  rows: number,
  out: number,
  validity: number,
  left: number,
) => number;

/**
 * The kernel of columns, on an arena's memory; undefined where the arena has no kernel. An arena does not
 * know of it, so that only those who have columns load it.
 */
export function columnKernelOf({ kernelMemory }: Arena): ColumnKernel | undefined {
  if (kernelMemory === undefined) return undefined;
  kernelMemory.columns ??= createColumnKernel(kernelMemory.memory);
  return kernelMemory.columns;
}

let compiled: object | undefined;

/** The kernel on a memory in which the other one works already. */
export function createColumnKernel(memory: WasmMemory): ColumnKernel {
  const { Instance, Module } = webAssembly!;
  compiled ??= new Module(Buffer.from(columnsModule, 'base64'));
  return new Instance(compiled, { env: { memory } }).exports as ColumnKernel;
}
