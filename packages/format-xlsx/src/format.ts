import type { Format } from '@x/formats';
import { RowsReader, sheetOptionNames, TableWriter } from '@x/formats/rows';
import { planSheetWrite, randomAccess, SheetEncoder, sheetWriteOptionNames } from '@x/formats/zip';

import { format } from './errors.ts';
import { maxCellLength, planRead, type XlsxReadOptions, type XlsxWriteOptions } from './options.ts';
import { SheetSource } from './read/sheet-source.ts';
import { Workbook } from './write/workbook.ts';

/** Sheets of workbooks as Excel 2007 and later write them (ISO/IEC 29500, Office Open XML). */
export const xlsx = (): Format<XlsxReadOptions, XlsxWriteOptions> => ({
  name: format,
  extensions: ['.xlsx', '.xlsm'],
  mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  capabilities: { read: true, write: true, typed: true, nested: false, randomAccess: 'required' },
  optionNames: {
    read: { ...sheetOptionNames, maxSharedBytes: true },
    write: sheetWriteOptionNames,
  },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    return new RowsReader(format, new SheetSource(randomAccess(bytes, format), plan), options);
  },
  createWriter: (sink, options = {}) => {
    const plan = planSheetWrite(format, options, maxCellLength);
    return new TableWriter(format, new SheetEncoder(sink, new Workbook(), plan), options);
  },
});
