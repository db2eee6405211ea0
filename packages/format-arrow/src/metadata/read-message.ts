import { corrupt, unsupported } from '../errors.ts';
import { Table } from '../flatbuffers/table.ts';
import type { Field } from '../schema/arrow-type.ts';
import { readSchema } from './read-schema.ts';

// https://github.com/apache/arrow/blob/main/format/Message.fbs

export type CompressionName = 'lz4' | 'zstd';

/** What a record batch, or the values of a dictionary, has in its body. */
export interface BatchHeader {
  readonly rows: number;
  /** Number of values of each array, in the order of the schema, the inner ones behind their outer one. */
  readonly lengths: readonly number[];
  readonly nullCounts: readonly number[];
  /** Where its buffers are in the body, and their bytes. */
  readonly buffers: readonly (readonly number[])[];
  /** How many buffers of data each array of views has. */
  readonly viewBuffers: readonly number[];
  readonly compression: CompressionName | undefined;
  /** Whether unions have a validity buffer, as they had before Arrow 1.0. */
  readonly isOld: boolean;
}

export type Message = { readonly bodyLength: number } & (
  | { readonly kind: 'schema'; readonly fields: readonly Field[] }
  | {
      readonly kind: 'dictionary';
      readonly id: string;
      readonly isDelta: boolean;
      readonly batch: BatchHeader;
    }
  | { readonly kind: 'batch'; readonly batch: BatchHeader }
);

/** Version 5 of the metadata, since Arrow 1.0. */
const newest = 4;
const oldest = 3;

/** @throws {FormatError} CORRUPT, or UNSUPPORTED for what is newer, or older than Arrow 0.8. */
export function readMessage(metadata: Uint8Array): Message {
  const message = Table.root(metadata);
  const version = message.int16(0, 0);
  if (version < oldest || version > newest) {
    throw unsupported(`the metadata has version ${version + 1}`, {
      hint: 'versions 4 and 5 are read: have it written anew by Arrow 1.0 or later',
    });
  }
  const bodyLength = message.size(3);
  const header = message.table(2);
  if (header === undefined) throw corrupt('a message has no header');
  const kind = message.uint8(1, 0);
  switch (kind) {
    case 1:
      return { kind: 'schema', bodyLength, fields: readSchema(header) };
    case 2: {
      const data = header.table(1);
      if (data === undefined) throw corrupt('a dictionary has no values');
      const batch = readBatch(data, version < newest);
      return { kind: 'dictionary', bodyLength, id: header.id(0), isDelta: header.bool(2), batch };
    }
    case 3:
      return { kind: 'batch', bodyLength, batch: readBatch(header, version < newest) };
    default:
      throw unsupported(`a message of kind ${kind}, which is no table`, {
        hint: 'tensors are not rows: only record batches are read',
      });
  }
}

function readBatch(header: Table, isOld: boolean): BatchHeader {
  const nodes = header.structs(1, 2);
  const compression = header.table(3);
  const codec = compression?.uint8(0, 0);
  if (codec !== undefined && codec > 1) {
    throw unsupported(`the buffers are compressed with codec number ${codec}`, {
      hint: 'LZ4 and zstd are read: have it written with one of them',
    });
  }
  return {
    rows: header.size(0),
    lengths: nodes.map(([length]) => length!),
    nullCounts: nodes.map(([, nulls]) => nulls!),
    buffers: header.structs(2, 2),
    viewBuffers: header.sizes(4),
    compression: codec === undefined ? undefined : codec === 0 ? 'lz4' : 'zstd',
    isOld,
  };
}

/** What the footer of a file lists. */
export interface Footer {
  readonly dictionaries: number;
  readonly batches: number;
  readonly schema: () => readonly Field[];
}

export function readFooter(footer: Uint8Array): Footer {
  const table = Table.root(footer);
  const schema = (): readonly Field[] => {
    const found = table.table(1);
    if (found === undefined) throw corrupt('the footer has no schema');
    return readSchema(found);
  };
  return { dictionaries: table.count(2), batches: table.count(3), schema };
}
