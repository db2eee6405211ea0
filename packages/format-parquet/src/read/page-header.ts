import { corrupt } from '../errors.ts';
import { Encoding, PageType } from '../metadata/enums.ts';
import { countAt } from '../metadata/file-metadata.ts';
import type { ThriftStruct } from '../thrift/compact-reader.ts';

/** What stands in front of a page. */
export interface PageHeader {
  readonly kind: 'data' | 'dataV2' | 'dictionary' | 'other';
  /** Bytes of the page in the file, and once it is decompressed. */
  readonly compressedSize: number;
  readonly size: number;
  readonly crc: number | undefined;
  /** Values, nulls included. */
  readonly values: number;
  readonly encoding: number;
  /** Of the levels of an older page. */
  readonly definitionEncoding: number;
  readonly repetitionEncoding: number;
  /** Of a newer page, whose levels are not compressed. */
  readonly definitionBytes: number;
  readonly repetitionBytes: number;
  readonly isCompressed: boolean;
}

/** @throws {FormatError} CORRUPT where something is missing. */
export function readPageHeader(fields: ThriftStruct, byteOffset: number): PageHeader {
  const type = fields.get(1);
  const crc = fields.get(4);
  const base = {
    size: countAt(fields, 2, 'uncompressed_page_size'),
    compressedSize: countAt(fields, 3, 'compressed_page_size'),
    crc: typeof crc === 'number' ? crc >>> 0 : undefined,
    definitionEncoding: Encoding.rle as number,
    repetitionEncoding: Encoding.rle as number,
    definitionBytes: 0,
    repetitionBytes: 0,
    isCompressed: true,
  };
  const part = (id: number): ThriftStruct => {
    const found = fields.get(id);
    if (found instanceof Map) return found;
    throw corrupt('a page has no header of its kind', { byteOffset });
  };
  if (type === PageType.data) {
    const header = part(5);
    return {
      ...base,
      kind: 'data',
      values: countAt(header, 1, 'num_values'),
      encoding: countAt(header, 2, 'encoding'),
      definitionEncoding: Number(header.get(3) ?? Encoding.rle),
      repetitionEncoding: Number(header.get(4) ?? Encoding.rle),
    };
  }
  if (type === PageType.dataV2) {
    const header = part(8);
    return {
      ...base,
      kind: 'dataV2',
      values: countAt(header, 1, 'num_values'),
      encoding: countAt(header, 4, 'encoding'),
      definitionBytes: countAt(header, 5, 'definition_levels_byte_length'),
      repetitionBytes: countAt(header, 6, 'repetition_levels_byte_length'),
      isCompressed: header.get(7) !== false,
    };
  }
  if (type === PageType.dictionary) {
    const header = part(7);
    const values = countAt(header, 1, 'num_values');
    return { ...base, kind: 'dictionary', values, encoding: Encoding.plain };
  }
  return { ...base, kind: 'other', values: 0, encoding: 0 };
}
