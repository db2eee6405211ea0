import { fixedWidth } from '@x/format-fixed-width';
import type { Value } from '@x/formats';
import { formatContract, inOddEncodings, refusal, typesOfTexts } from '@x/formats/contract-suite';

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
  refusedNames: ['line\nbreak', ' ', ''],
  keepsColumnsOfNoRows: true,
  cut: 'last row',
  lateColumns: 'refused',
  oddFiles: [
    'a  b \r\n-- --\r\né  😀\r\n1  2\r\n',
    'a  b\n-- -\n1  2 x\n\n12 3\r4\n  \n',
    'a  b\n1  2\n',
    ...inOddEncodings('a b\n- -\né 1\n'),
  ],
});
