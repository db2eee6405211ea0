import type { FormatError } from '../format-error.ts';

export interface HeaderPolicies {
  readonly onDuplicateColumn: 'error' | 'rename';
  readonly onEmptyColumnName: 'error' | 'rename';
}

/** Makes the error for what is wrong with the name number `column`. */
export type NameError = (
  column: number,
  code: 'DUPLICATE_COLUMN' | 'EMPTY_COLUMN_NAME',
  what: string,
  details: { readonly hint: string; readonly field?: string },
) => FormatError;

/** The names of the columns, each there once. */
export function columnNames(header: readonly string[], policies: HeaderPolicies, error: NameError): string[] {
  const taken = new Set(header);
  const seen = new Set<string>();
  return header.map((name, column) => {
    if (name === '' && policies.onEmptyColumnName === 'error') {
      throw error(column, 'EMPTY_COLUMN_NAME', `column ${column + 1} has no name`, {
        hint: `name it in the header, or read the file with onEmptyColumnName: 'rename' or header: false`,
      });
    }
    if (name !== '' && seen.has(name) && policies.onDuplicateColumn === 'error') {
      throw error(column, 'DUPLICATE_COLUMN', `two columns are named ${JSON.stringify(name)}`, {
        field: name,
        hint: `name them differently, or read the file with onDuplicateColumn: 'rename' or header: false`,
      });
    }
    const unique =
      name === '' ? freeName(`column${column + 1}`, taken) : seen.has(name) ? freeName(name, taken) : name;
    seen.add(unique);
    taken.add(unique);
    return unique;
  });
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}_${n}`;
  return name;
}
