import { type CommonWriteOptions, type Format, FormatError } from '@x/formats';
import { decodedText, RowsReader } from '@x/formats/rows';

import { type FixedWidthReadOptions, format, planRead } from './options.ts';
import { LineSource } from './line-source.ts';

/** Text in columns of fixed width, one row a line. It is read only. */
export const fixedWidth = (): Format<FixedWidthReadOptions, CommonWriteOptions> => ({
  name: format,
  extensions: ['.fwf'],
  mediaTypes: ['text/plain'],
  capabilities: { read: true, write: false, typed: false, nested: false, randomAccess: 'unused' },
  optionNames: {
    read: { encoding: true, onInvalidText: true, fields: true, headerLines: true, maxLineLength: true },
    write: {},
  },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    const source = new LineSource(decodedText(bytes, format, options), plan);
    return new RowsReader(format, source, options, true);
  },
  createWriter: () => {
    throw new FormatError('UNSUPPORTED', 'text in columns of fixed width is read, not written', {
      format,
      hint: 'write CSV or TSV: no value is too wide for them',
    });
  },
});
