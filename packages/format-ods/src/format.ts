import type { Format } from '@x/formats';
import { RowsReader, sheetOptionNames, TableWriter } from '@x/formats/rows';
import { planSheetWrite, randomAccess, SheetEncoder, sheetWriteOptionNames } from '@x/formats/zip';

import { format } from './errors.ts';
import { maxCellLength, type OdsReadOptions, type OdsWriteOptions, planRead } from './options.ts';
import { SheetSource } from './read/sheet-source.ts';
import { Spreadsheet } from './write/spreadsheet.ts';

/** Sheets of spreadsheets as LibreOffice writes them (ISO/IEC 26300, OpenDocument). */
export const ods = (): Format<OdsReadOptions, OdsWriteOptions> => ({
  name: format,
  extensions: ['.ods'],
  mediaTypes: ['application/vnd.oasis.opendocument.spreadsheet'],
  capabilities: { read: true, write: true, typed: true, nested: false, randomAccess: 'required' },
  optionNames: {
    read: { ...sheetOptionNames, maxRepeatedCells: true },
    write: sheetWriteOptionNames,
  },
  createReader: (bytes, options = {}) => {
    const plan = planRead(options);
    return new RowsReader(format, new SheetSource(randomAccess(bytes, format), plan), options);
  },
  createWriter: (sink, options = {}) => {
    const plan = planSheetWrite(format, options, maxCellLength);
    return new TableWriter(format, new SheetEncoder(sink, new Spreadsheet(), plan), options);
  },
});
