import { corrupt, unsupported } from '../errors.ts';
import type { ThriftStruct, ThriftValue } from '../thrift/compact-reader.ts';
import {
  type CodecName,
  codecNames,
  type PhysicalType,
  physicalTypes,
  type Repetition,
  repetitions,
} from './enums.ts';
import { type LogicalType, readLogicalType } from './logical-type.ts';

/** A column or a group of columns, in the order of a walk through the tree. */
export interface SchemaElement {
  readonly name: string;
  /** Undefined for a group. */
  readonly type: PhysicalType | undefined;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY. */
  readonly typeLength: number;
  readonly repetition: Repetition;
  readonly children: number;
  readonly logical: LogicalType | undefined;
}

export interface ColumnChunk {
  readonly type: PhysicalType;
  readonly codec: CodecName;
  /** Values, nulls and empty lists included. */
  readonly values: number;
  /** Where the first page is, and the bytes of all pages. */
  readonly offset: number;
  readonly size: number;
  /** Bytes that the last page may have behind that. */
  readonly slack: number;
  readonly isEncrypted: boolean;
  readonly path: string;
}

export interface RowGroup {
  readonly rows: number;
  readonly columns: readonly ColumnChunk[];
}

export interface FileMetadata {
  readonly schema: readonly SchemaElement[];
  readonly rows: number;
  readonly rowGroups: readonly RowGroup[];
  readonly createdBy: string | undefined;
}

/** Writers that left the header of a dictionary out of the size (PARQUET-816). */
const countsNoHeader = /^parquet-mr(?:$| version (?:0|1\.[01]|1\.2\.[0-8])\b)/;
const mostHeaderBytes = 100;

/** @throws {FormatError} CORRUPT where something is missing or of another type. */
export function readFileMetadata(fields: ThriftStruct): FileMetadata {
  const createdBy = fields.get(6);
  const writer = createdBy instanceof Uint8Array ? textOf(createdBy) : undefined;
  const slack = writer !== undefined && countsNoHeader.test(writer) ? mostHeaderBytes : 0;
  return {
    schema: listAt(fields, 2, 'schema').map(readElement),
    rows: countAt(fields, 3, 'num_rows'),
    rowGroups: listAt(fields, 4, 'row_groups').map((group) => readRowGroup(group, slack)),
    createdBy: writer,
  };
}

function readElement(element: ThriftStruct): SchemaElement {
  const type = element.get(1);
  const name = element.get(4);
  if (!(name instanceof Uint8Array)) throw corrupt('a column of the schema has no name');
  return {
    name: textOf(name),
    type: type === undefined ? undefined : named(physicalTypes, type, 'type'),
    typeLength: Number(element.get(2) ?? 0),
    repetition: named(repetitions, element.get(3) ?? 0, 'repetition'),
    children: Number(element.get(5) ?? 0),
    logical: readLogicalType(element),
  };
}

function readRowGroup(group: ThriftStruct, slack: number): RowGroup {
  const columns = listAt(group, 1, 'columns').map((chunk) => readColumnChunk(chunk, slack));
  return { rows: countAt(group, 3, 'num_rows'), columns };
}

function readColumnChunk(chunk: ThriftStruct, slack: number): ColumnChunk {
  const metadata = chunk.get(3);
  if (chunk.has(1)) throw unsupported('a column chunk is in another file');
  const isEncrypted = chunk.has(8);
  if (!isStruct(metadata)) {
    throw isEncrypted ? unsupported('the file is encrypted') : corrupt('a column chunk has no metadata');
  }
  const data = countAt(metadata, 9, 'data_page_offset');
  const dictionary = metadata.has(11) ? countAt(metadata, 11, 'dictionary_page_offset') : 0;
  const path = metadata.get(3);
  const names = Array.isArray(path) ? path : [];
  return {
    type: named(physicalTypes, metadata.get(1), 'type'),
    codec: named(codecNames, metadata.get(4), 'codec'),
    values: countAt(metadata, 5, 'num_values'),
    // Some writers say 0 where there is none.
    offset: dictionary > 0 ? Math.min(dictionary, data) : data,
    size: countAt(metadata, 7, 'total_compressed_size'),
    slack,
    isEncrypted,
    path: names.map((name) => (name instanceof Uint8Array ? textOf(name) : '')).join('.'),
  };
}

export function countAt(fields: ThriftStruct, id: number, name: string): number {
  const value = fields.get(id);
  if (typeof value === 'number' && value >= 0 && Number.isSafeInteger(value)) return value;
  throw corrupt(`${name} is not a count`);
}

function listAt(fields: ThriftStruct, id: number, name: string): ThriftStruct[] {
  const value = fields.get(id);
  if (Array.isArray(value) && value.every(isStruct)) return value;
  throw corrupt(`${name} is no list`);
}

function isStruct(value: ThriftValue | undefined): value is ThriftStruct {
  return value instanceof Map;
}

function named<Name>(names: readonly Name[], code: ThriftValue | undefined, what: string): Name {
  const name = typeof code === 'number' ? names[code] : undefined;
  if (name !== undefined) return name;
  throw corrupt(`there is no such ${what}${typeof code === 'number' ? `: ${code}` : ''}`);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
