import type { Format } from '@x/formats';
import { decodedText, KeyedRows, RecordWriter, RowsReader } from '@x/formats/rows';

import { format, planRead, planWrite, type YamlReadOptions, type YamlWriteOptions } from './options.ts';
import { RecordSource } from './read/record-source.ts';
import { YamlEncoder } from './write/yaml-encoder.ts';

/** YAML 1.2 (core schema): a list whose items are rows, or documents that are rows. */
export const yaml = (): Format<YamlReadOptions, YamlWriteOptions> => ({
  name: format,
  extensions: ['.yaml', '.yml'],
  mediaTypes: ['application/yaml', 'text/yaml'],
  capabilities: { read: true, write: true, typed: true, nested: true, randomAccess: 'unused' },
  optionNames: {
    read: {
      encoding: true,
      onInvalidText: true,
      onExtraKey: true,
      unknownTags: true,
      maxAliasSize: true,
      maxDepth: true,
      maxRecordBytes: true,
      maxRecordTokens: true,
    },
    write: { layout: true },
  },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    const records = new RecordSource(decodedText(bytes, format, options), plan);
    return new RowsReader(format, new KeyedRows(records, plan), options);
  },
  createWriter: (sink, options = {}) => new RecordWriter(sink, new YamlEncoder(planWrite(options)), options),
});
