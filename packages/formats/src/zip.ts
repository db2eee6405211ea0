// For packages that make formats whose files are zip archives, and of those for the ones of spreadsheets.
export { Archive } from './zip/archive.ts';
export { ArchiveWriter } from './zip/archive-writer.ts';
export type { CellForm } from './zip/sheet-cell.ts';
export { SheetEncoder, type SheetForm } from './zip/sheet-encoder.ts';
export { planSheetWrite, sheetWriteOptionNames, type SheetWriteOptions } from './zip/sheet-options.ts';
export { randomAccess } from './zip/random-access.ts';
