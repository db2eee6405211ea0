import type { DataType, Schema, TypeName } from '../contract.ts';

/** What no cell tells of itself, neither where all are text nor where numbers and texts are told apart. */
const untold: Readonly<Partial<Record<DataType['kind'], TypeName>>> = {
  integer: 'integer',
  float64: 'float64',
  decimal: 'decimal',
  date: 'date',
  timestamp: 'timestamp',
  json: 'json',
  list: 'json',
  struct: 'json',
  map: 'json',
};

const untoldByText: typeof untold = { ...untold, any: 'any', boolean: 'boolean' };

/** `types` for a format whose cells are text: what each column has to be asked for. */
export const typesOfTexts = ({ columns }: Schema): Record<string, TypeName> =>
  Object.fromEntries(columns.map(({ name, type }) => [name, untoldByText[type.kind] ?? 'text']));

/** `types` for a format of sheets, whose cells tell numbers, booleans and texts apart. */
export const typesOfCells = ({ columns }: Schema): Record<string, TypeName> =>
  Object.fromEntries(columns.map(({ name, type }) => [name, untold[type.kind] ?? 'any']));
