import type { Format } from '@x/formats';
import { decodedText, KeyedRows, RecordWriter, RowsReader } from '@x/formats/rows';

import { format, planRead, planWrite, type TomlReadOptions, type TomlWriteOptions } from './options.ts';
import { RecordSource } from './read/record-source.ts';
import { TomlEncoder } from './write/toml-encoder.ts';

/** TOML 1.0: an array of tables, which are rows. */
export const toml = (): Format<TomlReadOptions, TomlWriteOptions> => ({
  name: format,
  extensions: ['.toml'],
  mediaTypes: ['application/toml'],
  capabilities: { read: true, write: true, typed: true, nested: true, randomAccess: 'unused' },
  optionNames: {
    read: {
      encoding: true,
      onInvalidText: true,
      onExtraKey: true,
      table: true,
      maxDepth: true,
      maxRecordBytes: true,
    },
    write: { table: true },
  },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    const records = new RecordSource(decodedText(bytes, format, options), plan);
    return new RowsReader(format, new KeyedRows(records, plan), options);
  },
  createWriter: (sink, options = {}) => new RecordWriter(sink, new TomlEncoder(planWrite(options)), options),
});
