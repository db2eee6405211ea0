import { fixedWidth } from '@x/format-fixed-width';
import type { Schema, TypeName, Value } from '@x/formats';
import { formatContract, refusal } from '@x/formats/contract-suite';

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
  format: fixedWidth(),
  readOptions: ({ columns }: Schema, sample) => ({
    ruler: true,
    emptyRows: 'keep',
    types: {
      ...Object.fromEntries(columns.map(({ name, type }) => [name, typeNames[type.kind] ?? 'text'])),
      ...(sample === 'notFinite' && { value: 'text' }),
    },
  }),
  // Wider rows come later than a thousand.
  writeOptions: { ruler: true, scanLimit: Infinity },
  values: {
    text: (value) => (value === ' spaces ' ? refusal : value || null),
    lineBreaks: 'refused',
    brokenText: 'refused',
    binary: (value) => Buffer.from(value as Uint8Array).toString('base64') || null,
    hugeInteger: String,
    mixed: (value: Value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)),
    notFinite: String,
  },
  refusedNames: ['line\nbreak', ' '],
  keepsColumnsOfNoRows: true,
  cut: 'last row',
  lateColumns: 'refused',
});
