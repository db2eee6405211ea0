import { csv, json, jsonl, psv, ssv, tsv, type Schema, type TypeName, type Value } from '@x/formats';
import { type FormatSubject, formatContract, typesOfTexts } from '@x/formats/contract-suite';

/** JSON tells values apart by itself, but for dates. */
function datesOf(schema: Schema): Record<string, TypeName> {
  return Object.fromEntries(
    Object.entries(typesOfTexts(schema)).filter(([, type]) => type === 'date' || type === 'timestamp'),
  );
}

const asBase64 = (value: Value) => Buffer.from(value as Uint8Array).toString('base64');

for (const format of [csv(), tsv(), psv(), ssv()]) {
  const d = { csv: ',', tsv: '\t', psv: '|', ssv: ';' }[format.name]!;
  formatContract({
    format,
    readOptions: (schema, sample) => ({
      // NaN is a number to no text format.
      types: { ...typesOfTexts(schema), ...(sample === 'notFinite' && { value: 'text' }) },
      nullValues: [''],
    }),
    writeOptions: { nullValue: '' },
    values: {
      brokenText: 'refused',
      binary: asBase64,
      hugeInteger: String,
      mixed: (value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)),
      notFinite: String,
    },
    keepsColumnsOfNoRows: true,
    cut: 'last row',
    lateColumns: 'refused',
    badRows: {
      file: Buffer.from(`a${d}b\n1${d}2\n3\n4${d}5\n"6"x${d}7\n8${d}9\n`),
      good: [
        ['1', '2'],
        ['4', '5'],
        ['8', '9'],
      ],
      bad: [2, 4],
    },
  });
}

const asJson: Pick<FormatSubject, 'readOptions' | 'values' | 'keepsColumnsOfNoRows' | 'lateColumns'> = {
  readOptions: (schema) => ({ types: datesOf(schema) }),
  values: { binary: asBase64, notFinite: 'refused' },
  keepsColumnsOfNoRows: false,
  lateColumns: 'kept',
};

const records = ['{"a":1}', '{"a":1,"a":2}', '{"a":3}', '[4]', '{"a":5}'];

formatContract({
  format: jsonl(),
  ...asJson,
  cut: 'whole rows',
  badRows: { file: Buffer.from(`${records.join('\n')}\n{"a":\n`), good: [[1], [3], [5]], bad: [2, 4, 6] },
});

formatContract({
  format: json(),
  ...asJson,
  cut: 'refused',
  badRows: { file: Buffer.from(`[${records.join(', ')}]`), good: [[1], [3], [5]], bad: [2, 4] },
});
