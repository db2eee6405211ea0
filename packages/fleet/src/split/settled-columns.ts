import { type ConvertOptions, listFormats, openReader } from '@x/convert';

import { refused } from './record-layout.ts';

type Types = ConvertOptions['types'];
type DataType = Awaited<ReturnType<typeof openReader>>['schema']['columns'][number]['type'];

/** What each part would find out for itself, and differently, found out once. */
export interface SettledColumns {
  /** Columns of the source, without those that are not wanted left out; undefined for JSON Lines. */
  readonly names: readonly string[] | undefined;
  /** As the option, with nothing left to infer. */
  readonly types: Types;
}

/**
 * Finds the columns and types of a file in its first rows, as a conversion of the whole does. A later row that
 * is of another type is an error then, as it is there.
 *
 * @param to Name of the format of the parts.
 * @throws {FleetError} `BAD_OPTION` for what the first rows do not tell. {ConvertError} What reading them raises.
 */
export async function settleColumns(
  path: string,
  format: string,
  to: string | undefined,
  conversion: ConvertOptions,
): Promise<SettledColumns> {
  const { columns, flatten, scanLimit, signal, nullValues, from } = conversion;
  // The formats that everybody has are text, or say of each value what it is.
  const isTyped = !listFormats().some(({ name }) => name === to);
  const types = conversion.types ?? (isTyped ? 'infer' : undefined);
  const isJson = format === 'jsonl';
  const isFixed = to !== 'json' && to !== 'jsonl';
  if (isJson && !isFixed && !isOpen(types) && !flatten) return { names: undefined, types };
  // Of a file that names none, they are the names of all columns.
  const takesColumns = isJson || from?.['header'] === false;
  const options = { scanLimit, signal, nullValues, types, flatten, from: { ...from, format } };
  const reader = await openReader(path, { ...options, ...(takesColumns && { columns }) });
  await reader.close();
  const found = reader.schema.columns;
  if (isJson && columns === undefined && (isFixed || flatten)) {
    const names = found.map(({ name }) => name);
    throw refused(
      path,
      'each part of JSON Lines would find columns of its own: say which there are (columns; --columns)',
      names.length === 0 ? undefined : `Its first rows have ${names.map(quoted).join(',')}`,
    );
  }
  const settled = isOpen(types)
    ? Object.fromEntries(found.map(({ name, type }) => [name, typeNameOf(path, name, type)]))
    : types;
  return { names: isJson ? undefined : found.map(({ name }) => name), types: settled };
}

/** Whether there is something to infer. */
const isOpen = (types: Types): boolean =>
  types === 'infer' || (typeof types === 'object' && Object.values(types).includes('infer'));

/** @throws {FleetError} `BAD_OPTION` for a type that no option can say. */
function typeNameOf(path: string, column: string, type: DataType): string {
  if (type.kind === 'string') return 'text';
  if (type.kind === 'timestamp') return 'timestamp';
  if (['boolean', 'integer', 'float64', 'decimal', 'date'].includes(type.kind)) return type.kind;
  throw refused(
    path,
    `each part would find out for itself what is in ${JSON.stringify(column)}: say its type (types; --types)`,
    'The type json keeps whatever is in it',
  );
}

/** As a value of `--columns`. */
const quoted = (name: string): string => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
