import { type ByteSource, type Format, FormatError, type RandomAccessSource } from '@x/formats';
import { RowsReader, sheetOptionNames, TableWriter } from '@x/formats/rows';

import { format } from './errors.ts';
import { planRead, planWrite, type XlsxReadOptions, type XlsxWriteOptions } from './options.ts';
import { SheetSource } from './read/sheet-source.ts';
import { WorkbookEncoder } from './write/workbook-encoder.ts';

/** Sheets of workbooks as Excel 2007 and later write them (ISO/IEC 29500, Office Open XML). */
export const xlsx = (): Format<XlsxReadOptions, XlsxWriteOptions> => ({
  name: format,
  extensions: ['.xlsx', '.xlsm'],
  mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  capabilities: { read: true, write: true, typed: true, nested: false, randomAccess: 'required' },
  optionNames: {
    read: { ...sheetOptionNames, maxSharedBytes: true },
    write: { sheet: true, header: true, onUnheld: true, zoned: true, maxCellLength: true, onExtraKey: true },
  },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    return new RowsReader(format, new SheetSource(randomAccess(bytes), plan), options);
  },
  createWriter: (sink, options = {}) =>
    new TableWriter(format, new WorkbookEncoder(sink, planWrite(options)), options),
});

function randomAccess(bytes: ByteSource): RandomAccessSource {
  if ('readAt' in bytes && 'size' in bytes) return bytes as RandomAccessSource;
  throw new FormatError('BAD_OPTION', 'the bytes of a workbook cannot be read out of order', {
    format,
    hint: 'give a source with size and readAt, as a file has; @x/convert makes one of any stream',
  });
}
