import type { CellsOfColumns } from '../columns/to-cells.ts';

/** For writers of text, with the first batch of columns: what it takes is not loaded for those who have none. */
export async function cellsOfColumns(): Promise<CellsOfColumns> {
  const { CellsOfColumns } = await import('../columns/to-cells.ts');
  return new CellsOfColumns();
}
