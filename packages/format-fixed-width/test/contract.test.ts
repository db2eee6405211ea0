import { fixedWidth } from '@x/format-fixed-width';
import type { Value } from '@x/formats';
import { formatContract, refusal, typesOfTexts } from '@x/formats/contract-suite';

formatContract({
  format: fixedWidth(),
  readOptions: (schema, sample) => ({
    ruler: true,
    emptyRows: 'keep',
    types: {
      ...typesOfTexts(schema),
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
