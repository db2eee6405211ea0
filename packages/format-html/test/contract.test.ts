import { html } from '@x/format-html';
import type { Schema, TypeName, Value } from '@x/formats';
import { formatContract } from '@x/formats/contract-suite';

/** What text has to be asked for. */
const typeNames: Readonly<Partial<Record<string, TypeName>>> = {
  any: 'any',
  boolean: 'boolean',
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

formatContract({
  format: html(),
  readOptions: ({ columns }: Schema, sample) => ({
    types: {
      ...Object.fromEntries(columns.map(({ name, type }) => [name, typeNames[type.kind] ?? 'text'])),
      // NaN is a number to no text format.
      ...(sample === 'notFinite' && { value: 'text' }),
    },
  }),
  values: {
    controlCharacters: 'refused',
    brokenText: 'refused',
    binary: (value) => Buffer.from(value as Uint8Array).toString('base64'),
    hugeInteger: String,
    mixed: (value: Value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)),
    notFinite: String,
  },
  keepsColumnsOfNoRows: true,
  cut: 'refused',
  lateColumns: 'refused',
  badRows: {
    file: Buffer.from(
      '<table><tr><th>a<th>b<tr><td>1<td>2<tr><td>3<tr><td>4<td>5<tr><td>6<td>7<td>8<tr><td>9<td>10</table>',
    ),
    good: [
      ['1', '2'],
      ['4', '5'],
      ['9', '10'],
    ],
    bad: [2, 4],
  },
});
