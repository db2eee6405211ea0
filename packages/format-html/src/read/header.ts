import { FormatError, type FormatErrorCode } from '@x/formats';

import { format, type ReadPlan } from '../options.ts';
import type { TableRow } from './table-rows.ts';

/**
 * A name from each column of the header; of several rows, with dots in between.
 *
 * @throws {FormatError} EMPTY_COLUMN_NAME or DUPLICATE_COLUMN
 */
export function namesOf(rows: readonly TableRow[], plan: ReadPlan): readonly string[] {
  const width = Math.max(...rows.map(({ values }) => values.length));
  const known = new Set<string>();
  const refused = (code: FormatErrorCode, what: string, option: string): FormatError =>
    new FormatError(code, what, {
      format,
      line: rows.at(-1)!.line,
      column: 1,
      hint: `choose ${option}: 'rename', or header: 'none'`,
    });
  return Array.from({ length: width }, (_, i) => {
    const parts = rows.map(({ values }) => values[i] ?? '').filter((text) => text !== '');
    const said = [...new Set(parts)].join('.');
    if (said === '' && !plan.renamesEmpty) {
      throw refused('EMPTY_COLUMN_NAME', `column ${i + 1} has no name`, 'onEmptyColumnName');
    }
    if (known.has(said) && !plan.renamesDuplicate) {
      throw refused('DUPLICATE_COLUMN', `two columns are named ${JSON.stringify(said)}`, 'onDuplicateColumn');
    }
    const wanted = said === '' ? `column${i + 1}` : said;
    let name = wanted;
    for (let number = 2; known.has(name); number++) name = `${wanted}_${number}`;
    known.add(name);
    return name;
  });
}

export function numbered(length: number): readonly string[] {
  return Array.from({ length }, (_, i) => `column${i + 1}`);
}
