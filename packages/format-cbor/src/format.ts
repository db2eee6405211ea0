import type { Format } from '@x/formats';
import { KeyedRows, RecordSequence, RecordWriter, RowsReader, sequenceOptionNames } from '@x/formats/rows';

import { type CborReadOptions, type CborWriteOptions, format, planRead, planWrite } from './options.ts';
import { CborDecoder } from './read/cbor-decoder.ts';
import { CborEncoder } from './write/cbor-encoder.ts';

/** CBOR (RFC 8949): maps that follow each other (RFC 8742), or lists of them. */
export const cbor = (): Format<CborReadOptions, CborWriteOptions> => ({
  name: format,
  extensions: ['.cbor', '.cborseq'],
  mediaTypes: ['application/cbor', 'application/cbor-seq'],
  // Self-described CBOR (RFC 8949, 3.4.6).
  magic: Buffer.from([0xd9, 0xd9, 0xf7]),
  capabilities: { read: true, write: true, typed: true, nested: true, randomAccess: 'unused' },
  optionNames: { read: { ...sequenceOptionNames, unknownTags: true }, write: { layout: true } },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    const records = new RecordSequence(bytes, plan, new CborDecoder(plan));
    return new RowsReader(format, new KeyedRows(records, plan), options);
  },
  createWriter: (sink, options = {}) => new RecordWriter(sink, new CborEncoder(planWrite(options)), options),
});
