import { formatContract } from '@x/formats/contract-suite';
import { arrow, arrowStream } from '@x/format-arrow';

for (const format of [arrow(), arrowStream()]) {
  formatContract({
    format,
    // No less is read at once.
    writeOptions: { recordBatchSize: 5000 },
    keepsColumnsOfNoRows: true,
    cut: 'refused',
    lateColumns: 'refused',
    values: { brokenText: 'refused' },
  });
}
