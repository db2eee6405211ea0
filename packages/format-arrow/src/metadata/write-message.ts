import {
  flatbuffer,
  number,
  offset,
  offsets,
  type Part,
  structs,
  table,
  text,
} from '../flatbuffers/builder.ts';
import { arrowUnits, type ArrowType, type Field } from '../schema/arrow-type.ts';
import type { CompressionName } from './read-message.ts';

/** Version 5, since Arrow 1.0. */
const version = number(2, 4);

/** Where a message of a file is. */
export interface Block {
  readonly at: number;
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

export function schemaMessage(fields: readonly Field[]): Buffer {
  return flatbuffer(table(version, number(1, 1), offset(schemaTable(fields)), number(8, 0)));
}

/** @param nodes Number of values and of nulls of each array. @param buffers Place and length of each. */
export function batchMessage(
  rows: number,
  nodes: readonly (readonly number[])[],
  buffers: readonly (readonly number[])[],
  compression: CompressionName | undefined,
  bodyBytes: number,
): Buffer {
  const batch = table(
    number(8, rows),
    offset(structs(nodes, 2)),
    offset(structs(buffers, 2)),
    compression === undefined ? undefined : offset(table(number(1, compression === 'lz4' ? 0 : 1))),
  );
  return flatbuffer(table(version, number(1, 3), offset(batch), number(8, bodyBytes)));
}

export function footer(fields: readonly Field[], batches: readonly Block[]): Buffer {
  // The length of the metadata has 32 bits, and as many that are nothing.
  const blocks = batches.map(({ at, metadataBytes, bodyBytes }) => [at, metadataBytes, bodyBytes]);
  const parts = [offset(schemaTable(fields)), offset(structs([], 3)), offset(structs(blocks, 3))];
  return flatbuffer(table(version, ...parts));
}

function schemaTable(fields: readonly Field[]): Part {
  return table(number(2, 0), offset(offsets(fields.map((field) => fieldTable(field)))));
}

function fieldTable({ name, type, children, extension }: Field, isNullable = true): Part {
  const { code, part } = typePart(type);
  // The entries of a map, and their keys, are never null.
  const isMap = type.kind === 'map';
  const inner = children.map((child) => (isMap ? entriesTable(child) : fieldTable(child)));
  const pairs =
    extension === undefined
      ? []
      : [
          ['name', extension],
          ['metadata', ''],
        ];
  return table(
    offset(text(name)),
    isNullable ? number(1, 1) : undefined,
    number(1, code),
    offset(part),
    undefined,
    offset(offsets(inner)),
    pairs.length === 0
      ? undefined
      : offset(
          offsets(
            pairs.map(([key, value]) => table(offset(text(`ARROW:extension:${key}`)), offset(text(value!)))),
          ),
        ),
  );
}

function entriesTable({ name, children }: Field): Part {
  const [key, value] = children;
  const parts = [fieldTable(key!, false), fieldTable(value!)];
  return table(
    offset(text(name)),
    undefined,
    number(1, 13),
    offset(table()),
    undefined,
    offset(offsets(parts)),
  );
}

/** Of the types that are written. */
function typePart(type: ArrowType): { readonly code: number; readonly part: Part } {
  switch (type.kind) {
    case 'int':
      return { code: 2, part: table(number(4, type.bits), number(1, Number(type.signed))) };
    case 'float':
      return { code: 3, part: table(number(2, [16, 32, 64].indexOf(type.bits))) };
    case 'bytes':
      return { code: type.isText ? 5 : 4, part: table() };
    case 'bool':
      return { code: 6, part: table() };
    case 'decimal':
      return { code: 7, part: table(number(4, type.precision), number(4, type.scale), number(4, type.bits)) };
    case 'date':
      return { code: 8, part: table(number(2, 0)) };
    case 'time':
      return {
        code: 9,
        part: table(number(2, arrowUnits.indexOf(type.unit)), number(4, type.unit === 'ms' ? 32 : 64)),
      };
    case 'timestamp': {
      const zone = type.zone === undefined ? undefined : offset(text(type.zone));
      return { code: 10, part: table(number(2, arrowUnits.indexOf(type.unit)), zone) };
    }
    case 'list':
      return { code: 12, part: table() };
    case 'struct':
      return { code: 13, part: table() };
    case 'map':
      return { code: 17, part: table(number(1, 0)) };
    default:
      throw new TypeError(`columns are not written as ${type.kind}`);
  }
}
