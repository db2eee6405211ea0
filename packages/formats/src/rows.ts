// For packages that make formats whose values are JavaScript values: what all of them would do alike.
export { count, flag, oneOf } from './option-checks.ts';
export { planRows, type RowPlan } from './row-plan.ts';
export { ByteCursor } from './rows/byte-cursor.ts';
export { ByteReader } from './rows/byte-reader.ts';
export { ByteWriter } from './rows/byte-writer.ts';
export { checkText } from './rows/check-text.ts';
export { decodedText } from './rows/decoded-text.ts';
export { type KeyedReadOptions, planKeyed } from './rows/keyed-options.ts';
export { KeyedRows, type KeyedRecord, type KeyedRecords, type KeyedRowsPlan } from './rows/keyed-rows.ts';
export { type RecordEncoder, RecordWriter } from './rows/record-writer.ts';
export {
  planSequence,
  type RecordDecoder,
  RecordSequence,
  sequenceOptionNames,
  type SequencePlan,
  type SequenceReadOptions,
} from './rows/record-sequence.ts';
export { memberName } from './rows/member-name.ts';
export { BadRow, type RowChunk, type RowSource } from './rows/row-source.ts';
export { RowsReader } from './rows/rows-reader.ts';
export { Ended, orEnd } from './source/ended.ts';
export { refuseUnnamed } from './sink/refuse-unnamed.ts';
export { settledColumns } from './rows/settled.ts';
export {
  columnLetters,
  maxColumns,
  maxRows,
  planSheet,
  sheetColumnNames,
  sheetOptionNames,
  type SheetPlan,
  type SheetReadOptions,
} from './rows/sheets.ts';
export { type TableEncoder, TableWriter, type TableWriteOptions } from './rows/table-writer.ts';
export { type ValueForm, writeRow } from './rows/write-value.ts';
export { jsonOf } from './json/stringify.ts';
export { parseJson } from './json/parse.ts';
export type { CellPlace } from './value/cell-place.ts';
export { decimalText, numberText, numberValue, unscaledOf } from './value/decimal.ts';
export { setMember } from './value/member.ts';
export { isList, isObject, membersOf, objectOf, placeOfItem, placeOfMember } from './value/nested.ts';
export { textOf } from './value/text.ts';
export {
  dateOfUnits,
  dayOf,
  isDay,
  isWallTime,
  parseDate,
  parseTimestamp,
  timeText,
  unitsOfDate,
  unitsOfTime,
} from './value/time.ts';
