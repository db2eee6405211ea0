import type { Format } from '@x/formats';
import { KeyedRows, RowsReader } from '@x/formats/rows';

import { format, planRead, planWrite, type XmlReadOptions, type XmlWriteOptions } from './options.ts';
import { RecordSource } from './read/record-source.ts';
import { XmlWriter } from './write/xml-writer.ts';

/** XML 1.0 documents with namespaces, of which some elements are rows. */
export const xml = (): Format<XmlReadOptions, XmlWriteOptions> => ({
  name: format,
  extensions: ['.xml'],
  mediaTypes: ['application/xml', 'text/xml'],
  magic: Buffer.from('<?xml '),
  capabilities: { read: true, write: true, typed: false, nested: true, randomAccess: 'unused' },
  optionNames: {
    read: {
      record: true,
      lists: true,
      prefixes: true,
      names: true,
      onExtraKey: true,
      maxDepth: true,
      maxRecordBytes: true,
    },
    write: { root: true, record: true, names: true },
  },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    return new RowsReader(format, new KeyedRows(new RecordSource(bytes, plan), plan), options, true);
  },
  createWriter: (sink, options = {}) => new XmlWriter(sink, planWrite(options)),
});
