import { xlsx } from '@x/format-xlsx';
import type { Value } from '@x/formats';
import { formatContract, typesOfCells } from '@x/formats/contract-suite';

const asBase64 = (value: Value) => Buffer.from(value as Uint8Array).toString('base64');

formatContract({
  format: xlsx(),
  readOptions: (schema, sample) => ({
    emptyRows: 'keep',
    types: { ...typesOfCells(schema), ...(sample === 'notFinite' && { value: 'any' }) },
  }),
  writeOptions: { maxCellLength: 100_000 },
  values: {
    brokenText: 'refused',
    binary: asBase64,
    hugeInteger: String,
    notFinite: String,
    mixed: (value) => (typeof value === 'object' ? JSON.stringify(value) : value),
  },
  refusedNames: [''],
  keepsColumnsOfNoRows: true,
  cut: 'refused',
  lateColumns: 'refused',
});
