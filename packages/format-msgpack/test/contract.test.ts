import { msgpack } from '@x/format-msgpack';
import { Decimal, type Value } from '@x/formats';
import { datesOf, formatContract, refusal } from '@x/formats/contract-suite';

/** What a double has all the digits of comes back. */
const asDouble = (value: Value) => (Decimal.is(value) && value.toNumber() === undefined ? refusal : value);

formatContract({
  format: msgpack(),
  readOptions: (schema) => ({ types: { '*': 'any', ...datesOf(schema) } }),
  values: {
    brokenText: 'refused',
    decimal: asDouble,
    anyDecimal: asDouble,
    hugeInteger: (value) =>
      typeof value === 'bigint' && BigInt.asUintN(64, value) === value ? value : refusal,
  },
  keepsColumnsOfNoRows: false,
  // Maps follow each other, and nothing is behind the last.
  cut: 'whole rows',
  lateColumns: 'kept',
  badRows: {
    file: Buffer.from('81a1610182a16101a1610281a161030581a1610581a161d40100', 'hex'),
    good: [[1], [3], [5]],
    bad: [2, 4, 6],
  },
});
