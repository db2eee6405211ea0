import { toml } from '@x/format-toml';
import { Decimal, type Schema, type Value } from '@x/formats';
import { datesOf, formatContract, inOddEncodings, refusal } from '@x/formats/contract-suite';

const asDouble = (value: Value) => (Decimal.is(value) && value.toNumber() === undefined ? refusal : value);

/** Members that are null are left out, items that are null are refused. */
function withoutNulls(value: Value): Value | typeof refusal {
  if (Array.isArray(value)) {
    const items = (value as Value[]).map((item) => (item === null ? refusal : withoutNulls(item)));
    return items.includes(refusal) ? refusal : (items as Value[]);
  }
  if (typeof value !== 'object' || value === null || Decimal.is(value)) return value;
  const members = Object.entries(value as object).filter(([, member]) => member !== null) as [
    string,
    Value,
  ][];
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member) as Value]));
}

formatContract({
  format: toml(),
  // Where null is left out, the order of columns is not that of the first row.
  readOptions: (schema: Schema, sample) => ({
    types: { '*': 'any', ...datesOf(schema) },
    columns: sample === undefined ? schema.columns.map(({ name }) => name) : ['n', 'value'],
  }),
  values: {
    brokenText: 'refused',
    binary: (value) => Buffer.from(value as Uint8Array).toString('base64'),
    hugeInteger: 'refused',
    decimal: (value) => (Decimal.is(value) ? asDouble(value) : value),
    anyDecimal: asDouble,
    list: withoutNulls,
    struct: withoutNulls,
    json: withoutNulls,
  },
  leavesNullOut: true,
  keepsColumnsOfNoRows: false,
  // A document has no end of its own, and neither has a number.
  cut: 'last row',
  lateColumns: 'kept',
  oddFiles: [
    "[[r]]\r\na = \"\\u00e9😀\"\r\n[[r]] # x\r\nb = '''\r\n[[r]]\r\n'''\r\n",
    '[[r]]\na = 1\n[[r]]\na = \n[[ r ]]\nb = [1,\n2]\n[[r]]\rx',
    'a = 1\nb = "x\ny"\n',
    'x = 1\n[[r]]\na = 1\n',
    ...inOddEncodings('[[r]]\na = "é"\n'),
  ],
  badRows: {
    file: Buffer.from('[[r]]\na = 1\n[[r]]\na = 1\na = 2\n[[r]]\na = 3\n[[r]]\na = [\n[[r]]\na = 5\n'),
    good: [[1], [3], [5]],
    bad: [2, 4],
  },
});
