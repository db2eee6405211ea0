import { ods } from '@x/format-ods';
import type { Value } from '@x/formats';
import { formatContract, refusal, typesOfCells } from '@x/formats/contract-suite';

formatContract({
  format: ods(),
  readOptions: (schema, sample) => ({
    emptyRows: 'keep',
    types: { ...typesOfCells(schema), ...(sample === 'notFinite' && { value: 'any' }) },
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
  refusedNames: [''],
  keepsColumnsOfNoRows: true,
  cut: 'refused',
  lateColumns: 'refused',
});
