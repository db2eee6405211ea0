import {
  type ByteSource,
  type CommonWriteOptions,
  type Format,
  FormatError,
  type RandomAccessSource,
} from '@x/formats';
import { RowsReader, sheetOptionNames } from '@x/formats/rows';

import { format } from './errors.ts';
import { type OdsReadOptions, planRead } from './options.ts';
import { SheetSource } from './read/sheet-source.ts';

/** Sheets of spreadsheets as LibreOffice writes them (ISO/IEC 26300, OpenDocument). They are read only. */
export const ods = (): Format<OdsReadOptions, CommonWriteOptions> => ({
  name: format,
  extensions: ['.ods'],
  mediaTypes: ['application/vnd.oasis.opendocument.spreadsheet'],
  capabilities: { read: true, write: false, typed: true, nested: false, randomAccess: 'required' },
  optionNames: {
    read: { ...sheetOptionNames, maxRepeatedCells: true },
    write: {},
  },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    return new RowsReader(format, new SheetSource(randomAccess(bytes), plan), options);
  },
  createWriter: () => {
    throw new FormatError('UNSUPPORTED', 'OpenDocument spreadsheets are read, not written', {
      format,
      hint: 'write xlsx, which the same programs open',
    });
  },
});

function randomAccess(bytes: ByteSource): RandomAccessSource {
  if ('readAt' in bytes && 'size' in bytes) return bytes as RandomAccessSource;
  throw new FormatError('BAD_OPTION', 'the bytes of a spreadsheet cannot be read out of order', {
    format,
    hint: 'give a source with size and readAt, as a file has; @x/convert makes one of any stream',
  });
}
