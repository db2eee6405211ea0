import type { Format } from '@x/formats';
import {
  KeyedRows,
  planSequence,
  RecordSequence,
  RecordWriter,
  RowsReader,
  sequenceOptionNames,
} from '@x/formats/rows';

import { format, type BsonReadOptions, type BsonWriteOptions } from './options.ts';
import { BsonDecoder } from './read/bson-decoder.ts';
import { BsonEncoder } from './write/bson-encoder.ts';

/** BSON 1.1: documents that follow each other, as mongodump writes them. */
export const bson = (): Format<BsonReadOptions, BsonWriteOptions> => ({
  name: format,
  extensions: ['.bson'],
  mediaTypes: ['application/bson'],
  capabilities: { read: true, write: true, typed: true, nested: true, randomAccess: 'unused' },
  optionNames: { read: sequenceOptionNames, write: {} },
  createReader: (bytes, options = {}) => {
    const plan = planSequence(format, options);
    const records = new RecordSequence(bytes, plan, new BsonDecoder());
    return new RowsReader(format, new KeyedRows(records, plan), options);
  },
  createWriter: (sink, options = {}) => new RecordWriter(sink, new BsonEncoder(), options),
});
