import type { CommonReadOptions, DataType, TypeName } from '../contract.ts';
import { FormatError } from '../format-error.ts';

const types: Readonly<Record<Exclude<TypeName, 'infer'>, DataType>> = {
  any: { kind: 'any' },
  text: { kind: 'string' },
  string: { kind: 'string' },
  boolean: { kind: 'boolean' },
  integer: { kind: 'integer' },
  float64: { kind: 'float64' },
  decimal: { kind: 'decimal' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp', unit: 'us', zoned: true },
  json: { kind: 'json' },
};

/** @throws {FormatError} BAD_OPTION when `types` is or names a type that there is not. */
export function checkTypes(option: CommonReadOptions['types'], format: string): void {
  if (option === undefined || option === 'infer' || option === 'text') return;
  if (typeof option !== 'object') {
    throw new FormatError('BAD_OPTION', `types is ${JSON.stringify(option)}`, {
      format,
      hint: `it takes "infer", "text", or an object with a type for each column`,
    });
  }
  for (const [name, asked] of Object.entries(option)) {
    if (asked === 'infer' || Object.hasOwn(types, asked)) continue;
    throw new FormatError(
      'BAD_OPTION',
      `the type of ${JSON.stringify(name)} in types is ${JSON.stringify(asked)}`,
      {
        format,
        field: name,
        hint: `types are infer, ${Object.keys(types).join(', ')}`,
      },
    );
  }
}

/**
 * The type of each column as it was asked for, `infer` where it is to be found out, `otherwise` where
 * nothing was said of it.
 */
export function askedTypes(
  names: readonly string[],
  option: CommonReadOptions['types'],
  otherwise: DataType,
): (DataType | 'infer')[] {
  if (option === undefined) return names.map(() => otherwise);
  if (option === 'infer') return names.map(() => 'infer');
  if (option === 'text') return names.map(() => types.text);
  return names.map((name) => {
    const asked = Object.hasOwn(option, name) ? option[name] : option['*'];
    if (asked === undefined) return otherwise;
    return asked === 'infer' ? asked : types[asked];
  });
}

/** @throws {FormatError} NO_SUCH_COLUMN when `types` names a column that no column of the source is. */
export function checkNamed(
  names: readonly string[],
  option: CommonReadOptions['types'],
  format: string,
): void {
  if (typeof option !== 'object') return;
  const known = new Set(names).add('*');
  const missing = Object.keys(option).find((name) => !known.has(name));
  if (missing === undefined) return;
  throw noSuchColumn(missing, names, 'types names a column that is not there', format);
}

/**
 * The numbers of the wanted columns, or of all.
 *
 * @throws {FormatError} NO_SUCH_COLUMN for a name that no column has, BAD_OPTION for one there twice.
 */
export function selection(
  names: readonly string[],
  wanted: readonly string[] | undefined,
  format: string,
): number[] {
  if (wanted === undefined) return names.map((_, i) => i);
  return wanted.map((name, i) => {
    const column = names.indexOf(name);
    if (column < 0) throw noSuchColumn(name, names, 'there is no column', format);
    if (wanted.indexOf(name) === i) return column;
    throw new FormatError('BAD_OPTION', `columns names ${JSON.stringify(name)} twice`, {
      format,
      field: name,
      hint: 'name each once',
    });
  });
}

function noSuchColumn(name: string, names: readonly string[], what: string, format: string): FormatError {
  return new FormatError('NO_SUCH_COLUMN', `${what}: ${JSON.stringify(name)}`, {
    format,
    field: name,
    hint: `the columns are ${names.map((known) => JSON.stringify(known)).join(', ')}`,
  });
}
