import type { Column } from '../contract.ts';
import { FormatError } from '../format-error.ts';

/**
 * Refuses a column whose name has no characters, in a header: readers, ours among them, take it for a mistake, or name
 * the column by themselves.
 *
 * @throws {FormatError} UNREPRESENTABLE
 */
export function refuseUnnamed(columns: readonly Column[], format: string, otherwise = ''): void {
  const unnamed = columns.findIndex(({ name }) => name === '');
  if (unnamed < 0) return;
  throw new FormatError(
    'UNREPRESENTABLE',
    `the name of column ${unnamed + 1} is the empty text, which is none`,
    {
      format,
      field: '',
      hint: `name it with rename: { '': 'name' }${otherwise}`,
    },
  );
}
