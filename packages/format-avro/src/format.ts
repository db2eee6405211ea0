import type { Format } from '@x/formats';
import { RowsReader, TableWriter } from '@x/formats/rows';

import { format } from './errors.ts';
import { type AvroReadOptions, type AvroWriteOptions, maxBlockBytesOf, planWrite } from './options.ts';
import { ContainerSource } from './read/container-source.ts';
import { ContainerEncoder } from './write/container-encoder.ts';

/** Avro object container files (Apache Avro 1.12). */
export const avro = (): Format<AvroReadOptions, AvroWriteOptions> => ({
  name: format,
  extensions: ['.avro'],
  mediaTypes: ['application/vnd.apache.avro+binary', 'avro/binary'],
  magic: Buffer.from('Obj\u0001', 'latin1'),
  capabilities: { read: true, write: true, typed: true, nested: true, randomAccess: 'unused' },
  optionNames: {
    read: { maxBlockBytes: true },
    write: {
      compression: true,
      compressionLevel: true,
      blockBytes: true,
      recordName: true,
      names: true,
      onExtraKey: true,
    },
  },
  createReader: (bytes, options = {}) =>
    new RowsReader(format, new ContainerSource(bytes, maxBlockBytesOf(options)), options),
  createWriter: (sink, options = {}) =>
    new TableWriter(format, new ContainerEncoder(sink, planWrite(options)), options),
});
