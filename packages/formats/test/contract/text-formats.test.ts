import { csv, json, jsonl, psv, ssv, tsv, type Schema, type TypeName, type Value } from '@x/formats';
import { type FormatSubject, formatContract, inOddEncodings, typesOfTexts } from '@x/formats/contract-suite';

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
    refusedNames: [''],
    keepsColumnsOfNoRows: true,
    cut: 'last row',
    lateColumns: 'refused',
    oddFiles: [
      `a${d}b\r\n"1"${d}"x""y"\r\n2${d}"é\r\n😀"\r\n`,
      `a${d}b\r1${d}2\r\r\n3${d}4\n\r5${d}6`,
      `a${d}b\n1${d}2${d}3\n4\n"5"x${d}6\r\n7${d}8\n"9" \r10${d}11\n`,
      `a${d}b\n\0${d}1\n\n"open\n1${d}2`,
      `a${d}a\n`,
      ...inOddEncodings(`a${d}b\n1${d}2\n`),
    ],
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
  oddFiles: [
    '{"a":1}\r\n{"a":"\\u00e9\\\\😀"}\r{"b":2}\n\r\n{"c":[1,{"d":1.5e-3}]}',
    '{"a":1}\n{"a":tru}\r\n{"a":1,"a":2}\n{"a":"\r"}\n[1]\n"x\n{"a":"open',
    ...inOddEncodings('{"a":"é"}\n{"b":1}\n'),
  ],
  badRows: { file: Buffer.from(`${records.join('\n')}\n{"a":\n`), good: [[1], [3], [5]], bad: [2, 4, 6] },
});

formatContract({
  format: json(),
  ...asJson,
  cut: 'refused',
  oddFiles: [
    '[{"a":1}\r\n,{"a":"\\u00e9\\\\😀"},\r{"b":2} , [1,{"x":[]}],{"c":-0.5e+1}]\r ',
    '[{"a":1,"a":[2,{"b":"]"}]}, 12 ,{"a":\r\ntru}]',
    '{"a":1,"b":[]}\n\n x',
    ...inOddEncodings('[{"a":"é"},{"b":1}]'),
  ],
  badRows: { file: Buffer.from(`[${records.join(', ')}]`), good: [[1], [3], [5]], bad: [2, 4] },
});
