import type { Format } from '@x/formats';
import { KeyedRows, RecordSequence, RecordWriter, RowsReader, sequenceOptionNames } from '@x/formats/rows';

import { format, type MsgpackReadOptions, type MsgpackWriteOptions, planRead } from './options.ts';
import { MsgpackDecoder } from './read/msgpack-decoder.ts';
import { MsgpackEncoder } from './write/msgpack-encoder.ts';

/** MessagePack: maps that follow each other, or lists of them. */
export const msgpack = (): Format<MsgpackReadOptions, MsgpackWriteOptions> => ({
  name: format,
  extensions: ['.msgpack', '.mpk'],
  mediaTypes: ['application/vnd.msgpack', 'application/x-msgpack'],
  capabilities: { read: true, write: true, typed: true, nested: true, randomAccess: 'unused' },
  optionNames: { read: { ...sequenceOptionNames, extensions: true }, write: {} },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    const records = new RecordSequence(bytes, plan, new MsgpackDecoder(plan));
    return new RowsReader(format, new KeyedRows(records, plan), options);
  },
  createWriter: (sink, options = {}) => new RecordWriter(sink, new MsgpackEncoder(), options),
});
