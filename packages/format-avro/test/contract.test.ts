import { formatContract } from '@x/formats/contract-suite';

import { avro } from '@x/format-avro';

for (const compression of ['deflate', 'uncompressed', 'snappy'] as const) {
  formatContract({
    format: avro(),
    writeOptions: { names: 'encode', compression, blockBytes: 1000 },
    values: { brokenText: 'refused' },
    keepsColumnsOfNoRows: true,
    // A file has no end of its own: what ends with a block is a file.
    cut: 'whole rows',
    lateColumns: 'refused',
  });
}
