import type { Format } from '@x/formats';

import type { ParquetReadOptions, ParquetWriteOptions } from './options.ts';
import { magic } from './read/footer.ts';
import { planRead } from './read/read-plan.ts';
import { ParquetReader } from './read/reader.ts';
import { planWrite } from './write/write-plan.ts';
import { ParquetWriter } from './write/writer.ts';

/** Apache Parquet: https://parquet.apache.org/docs/file-format/ */
export const parquet = (): Format<ParquetReadOptions, ParquetWriteOptions> => ({
  name: 'parquet',
  extensions: ['.parquet', '.parq', '.pq'],
  mediaTypes: ['application/vnd.apache.parquet'],
  magic,
  capabilities: { read: true, write: true, typed: true, nested: true, randomAccess: 'required' },
  optionNames: {
    read: { maxPageBytes: true },
    write: {
      compression: true,
      compressionLevel: true,
      rowGroupSize: true,
      scanLimit: true,
      nested: true,
      onExtraKey: true,
    },
  },
  createReader: (bytes, options = {}) => new ParquetReader(bytes, planRead(options)),
  createWriter: (sink, options = {}) => new ParquetWriter(sink, planWrite(options)),
});
