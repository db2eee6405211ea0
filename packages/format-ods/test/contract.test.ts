import { ods } from '@x/format-ods';
import type { Schema, TypeName, Value } from '@x/formats';
import { formatContract, refusal } from '@x/formats/contract-suite';

const typeNames: Readonly<Record<string, TypeName>> = {
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
  format: ods(),
  readOptions: ({ columns }: Schema, sample) => ({
    emptyRows: 'keep',
    types: Object.fromEntries(
      columns.map(({ name, type }) => [
        name,
        sample === 'notFinite' && name === 'value' ? 'any' : (typeNames[type.kind] ?? 'any'),
      ]),
    ),
  }),
  writeOptions: { maxCellLength: 100_000 },
  values: {
    controlCharacters: (value) => (value === '\u007f' ? value : refusal),
    brokenText: 'refused',
    binary: (value) => Buffer.from(value as Uint8Array).toString('base64'),
    hugeInteger: String,
    notFinite: String,
    mixed: (value: Value) => (typeof value === 'object' ? JSON.stringify(value) : value),
  },
  keepsColumnsOfNoRows: true,
  cut: 'refused',
  lateColumns: 'refused',
});
