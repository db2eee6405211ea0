/** The column of the geometry. */
export const geometryColumn = 'geometry';

/**
 * Where the values of a column are in a feature. Columns are named after properties; `@id` is the member `id` of the
 * feature itself, and a property whose name would be taken for one of these has `@@` in front.
 */
export type ColumnPlace =
  | { readonly kind: 'geometry' }
  | { readonly kind: 'member' | 'property'; readonly name: string };

export function placeOf(column: string): ColumnPlace {
  if (column === geometryColumn) return { kind: 'geometry' };
  if (column.startsWith('@@')) return { kind: 'property', name: column.slice(2) };
  return column.startsWith('@') && column.length > 1
    ? { kind: 'member', name: column.slice(1) }
    : { kind: 'property', name: column };
}

export function columnOf(kind: 'member' | 'property', name: string): string {
  if (kind === 'member') return `@${name}`;
  const { kind: taken } = placeOf(name);
  return taken === 'property' && !name.startsWith('@@') ? name : `@@${name}`;
}
