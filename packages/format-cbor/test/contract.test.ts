import { cbor } from '@x/format-cbor';
import { datesOf, formatContract } from '@x/formats/contract-suite';

for (const layout of ['sequence', 'list'] as const) {
  formatContract({
    format: cbor(),
    readOptions: (schema) => ({ types: { '*': 'any', ...datesOf(schema) } }),
    writeOptions: { layout },
    values: { brokenText: 'refused' },
    keepsColumnsOfNoRows: false,
    // In a sequence nothing is behind the last row, and nothing at all is a sequence.
    cut: 'whole rows',
    lateColumns: 'kept',
    badRows: {
      file: Buffer.from(
        layout === 'list'
          ? '86a1616101a2616101616102a161610305a1616105a16161d905dc00'
          : 'a1616101a2616101616102a161610305a1616105a16161d905dc00',
        'hex',
      ),
      good: [[1], [3], [5]],
      bad: [2, 4, 6],
    },
  });
}
