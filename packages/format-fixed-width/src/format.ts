import type { Format } from '@x/formats';
import { decodedText, RowsReader, TableWriter } from '@x/formats/rows';

import {
  type FixedWidthReadOptions,
  type FixedWidthWriteOptions,
  format,
  planRead,
  planWrite,
} from './options.ts';
import { LineSource } from './read/line-source.ts';
import { LineEncoder } from './write/line-encoder.ts';

/** Text in columns of fixed width, one row a line. */
export const fixedWidth = (): Format<FixedWidthReadOptions, FixedWidthWriteOptions> => ({
  name: format,
  extensions: ['.fwf'],
  mediaTypes: ['text/plain'],
  capabilities: { read: true, write: true, typed: false, nested: false, randomAccess: 'unused' },
  optionNames: {
    read: {
      encoding: true,
      onInvalidText: true,
      fields: true,
      headerLines: true,
      ruler: true,
      emptyRows: true,
      maxLineLength: true,
    },
    write: { fields: true, header: true, ruler: true, scanLimit: true, onExtraKey: true },
  },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    const source = new LineSource(decodedText(bytes, format, options), plan);
    return new RowsReader(format, source, options, true);
  },
  createWriter: (sink, options = {}) =>
    new TableWriter(format, new LineEncoder(sink, planWrite(options)), options),
});
