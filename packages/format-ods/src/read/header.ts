import { FormatError } from '@x/formats';
import { textOf } from '@x/formats/rows';

import { format } from '../errors.ts';
import type { ReadPlan } from '../options.ts';
import { columnLetters } from '../value/cell-name.ts';
import { typeOf } from './column-type.ts';
import type { SheetRow } from './sheet-rows.ts';

/**
 * The names of the columns that a row has.
 *
 * @throws {FormatError} DUPLICATE_COLUMN or EMPTY_COLUMN_NAME, where the plan does not say otherwise.
 */
export function namesOf(
  { cells, number }: SheetRow,
  { renamesDuplicates, renamesEmpty }: ReadPlan,
): string[] {
  const taken = new Set<string>();
  return Array.from(cells, (cell, i) => {
    const value = cell?.value;
    let name =
      value === null || value === undefined
        ? ''
        : textOf(value, { format, row: 0, field: '', type: typeOf([cell]) });
    const at = `${columnLetters(i)}${number}`;
    if (name === '') {
      if (!renamesEmpty) {
        throw new FormatError('EMPTY_COLUMN_NAME', `the column at ${at} has no name`, {
          format,
          hint: `name it, choose onEmptyColumnName: 'rename', or header: false`,
        });
      }
      name = `column${i + 1}`;
    }
    if (taken.has(name) && !renamesDuplicates) {
      throw new FormatError(
        'DUPLICATE_COLUMN',
        `the column at ${at} is called ${JSON.stringify(name)}, as another one is`,
        {
          format,
          field: name,
          hint: `rename it, or choose onDuplicateColumn: 'rename'`,
        },
      );
    }
    const wanted = name;
    for (let copy = 2; taken.has(name); copy++) name = `${wanted}_${copy}`;
    taken.add(name);
    return name;
  });
}
