import { bson } from '@x/format-bson';
import { Timestamp, type Value } from '@x/formats';
import { datesOf, formatContract, refusal } from '@x/formats/contract-suite';

const ofMilliseconds = (value: Value) =>
  value instanceof Timestamp && value.nanoseconds !== 0 ? refusal : value;

formatContract({
  format: bson(),
  readOptions: (schema) => ({ types: { '*': 'any', ...datesOf(schema) } }),
  values: { brokenText: 'refused', microseconds: ofMilliseconds, nanoseconds: ofMilliseconds },
  keepsColumnsOfNoRows: false,
  // Documents follow each other, and nothing is behind the last.
  cut: 'whole rows',
  lateColumns: 'kept',
  badRows: {
    file: Buffer.from(
      ['0c0000001061000100000000', '13000000106100010000001061000200000000', '0c0000001061000300000000'].join(
        '',
      ),
      'hex',
    ),
    good: [[1], [3]],
    bad: [2],
  },
});
