import { xml } from '@x/format-xml';
import type { Schema, TypeName, Value } from '@x/formats';
import { formatContract, inOddEncodings } from '@x/formats/contract-suite';

const typeNames: Readonly<Record<string, TypeName>> = {
  boolean: 'boolean',
  integer: 'integer',
  float64: 'float64',
  decimal: 'decimal',
  date: 'date',
  timestamp: 'timestamp',
  json: 'json',
};

/** What comes back of a value whose type nobody says. */
function asText(value: Value): Value {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) {
    const items = (value as Value[]).map(asText);
    return items.length < 2 ? (items[0] ?? null) : items;
  }
  if (typeof value !== 'object') return String(value);
  const members = Object.entries(value).filter(([, member]) => !Array.isArray(member) || member.length > 0);
  return Object.fromEntries(members.map(([key, member]) => [key, asText(member as Value)]));
}

formatContract({
  format: xml(),
  readOptions: ({ columns }: Schema, sample) => ({
    names: 'decode',
    types: {
      '*': 'any',
      ...Object.fromEntries(
        columns.flatMap(({ name, type }) => {
          const asked = sample === 'notFinite' && name === 'value' ? 'any' : typeNames[type.kind];
          return asked === undefined ? [] : [[name, asked]];
        }),
      ),
    },
  }),
  writeOptions: { names: 'encode' },
  values: {
    controlCharacters: 'refused',
    brokenText: 'refused',
    binary: asText,
    hugeInteger: asText,
    notFinite: asText,
    mixed: asText,
    list: asText,
    struct: asText,
  },
  keepsColumnsOfNoRows: false,
  cut: 'refused',
  oddFiles: [
    '<?xml version="1.0"?>\r\n<r><a x="1&amp;2">é😀</a>\r<a><![CDATA[<]]>]]&gt;\r\n</a><!-- x --><a>&#x1F600;&lt;</a></r>\r\n',
    '<r><a><b>1</b><b>2</b></a><a><c/></a><a>&nbsp;</a></r>',
    '<r><a>1</a>\r\n<b>2</b></r>',
    '<r><a>1</a><a>2</x></r>',
    '<?xml version="1.0" encoding="latin1"?><r><a>x</a></r>',
    ...inOddEncodings('<r><a>é</a></r>'),
  ],
  lateColumns: 'kept',
});
