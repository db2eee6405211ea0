import { type Column, type DataType, FormatError } from '@x/formats';

import { physicalTypes, type PhysicalType, repetitions } from '../metadata/enums.ts';
import { type LogicalType, writeLogicalType } from '../metadata/logical-type.ts';
import { type Leaf, leavesOf, type Node } from '../schema/tree.ts';
import { binary, i32, struct, type ThriftField } from '../thrift/compact-writer.ts';

/** Digits that a decimal may have: those that 128 bits hold. */
const mostDigits = 38;

/** A leaf to write, and what its values are. */
export interface WriteLeaf extends Leaf {
  readonly type: DataType;
  readonly names: readonly string[];
}

/** A table to write: its columns as trees, their leaves, and the elements of the schema. */
export interface WriteSchema {
  readonly columns: readonly Column[];
  readonly nodes: readonly Node[];
  readonly leaves: ReadonlyMap<Leaf, WriteLeaf>;
  readonly elements: readonly ThriftField[];
}

interface Place {
  readonly definition: number;
  readonly repetition: number;
  readonly names: readonly string[];
}

/**
 * @throws {FormatError} UNREPRESENTABLE for a column that Parquet cannot hold, DUPLICATE_COLUMN.
 */
export function writeSchema(columns: readonly Column[]): WriteSchema {
  const builder = new SchemaBuilder();
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) {
      throw new FormatError('DUPLICATE_COLUMN', `two columns have the name ${JSON.stringify(name)}`, {
        format: 'parquet',
        field: name,
      });
    }
    seen.add(name);
  }
  const root = struct([4, binary('schema')], [5, i32(columns.length)]);
  builder.elements.push(root);
  const nodes = columns.map((column) => builder.node(column, { definition: 0, repetition: 0, names: [] }));
  const ordered = nodes.flatMap(leavesOf);
  const leaves = new Map(ordered.map((leaf, i) => [leaf, builder.leaves[i]!]));
  return { columns, nodes, leaves, elements: builder.elements };
}

class SchemaBuilder {
  readonly elements: ThriftField[] = [];
  readonly leaves: WriteLeaf[] = [];

  node({ name, type }: Column, parent: Place, isNullable = true): Node {
    const names = [...parent.names, name];
    const definition = parent.definition + Number(isNullable);
    const place = { definition, repetition: parent.repetition, names };
    const repetition = isNullable ? 'optional' : 'required';
    const base = { name, isNullable, definition };
    if (type.kind === 'list') {
      this.#group(name, repetition, 1, { kind: 'list' });
      this.#group('list', 'repeated', 1);
      const items = { definition: definition + 1, repetition: parent.repetition + 1 };
      const item = this.node({ name: 'element', type: type.item }, { ...items, names: [...names, 'list'] });
      return { kind: 'list', ...base, items, item };
    }
    if (type.kind === 'map') {
      this.#group(name, repetition, 1, { kind: 'map' });
      this.#group('key_value', 'repeated', 2);
      const items = { definition: definition + 1, repetition: parent.repetition + 1 };
      const inner = { ...items, names: [...names, 'key_value'] };
      const key = this.node({ name: 'key', type: { kind: 'string' } }, inner, false);
      return {
        kind: 'map',
        ...base,
        items,
        key,
        value: this.node({ name: 'value', type: type.value }, inner),
      };
    }
    if (type.kind === 'struct') {
      if (type.fields.length === 0) {
        throw new FormatError('UNREPRESENTABLE', 'Parquet has no objects without keys', {
          format: 'parquet',
          field: names.join('.'),
          hint: `write it as JSON text with nested: 'json'`,
        });
      }
      this.#group(name, repetition, type.fields.length);
      return { kind: 'struct', ...base, fields: type.fields.map((field) => this.node(field, place)) };
    }
    return this.#leaf(name, type, place, isNullable);
  }

  #group(
    name: string,
    repetition: (typeof repetitions)[number],
    children: number,
    logical?: LogicalType,
  ): void {
    const { logical: newer, converted } = logical === undefined ? noLogical : writeLogicalType(logical);
    this.elements.push(
      struct(
        [3, i32(repetitions.indexOf(repetition))],
        [4, binary(name)],
        [5, i32(children)],
        [6, converted === undefined ? undefined : i32(converted)],
        [10, newer],
      ),
    );
  }

  #leaf(name: string, type: DataType, { names, ...levels }: Place, isNullable: boolean): Leaf {
    const { physical, length, logical } = storageOf(type);
    const { logical: newer, converted } = logical === undefined ? noLogical : writeLogicalType(logical);
    const isDecimal = logical?.kind === 'decimal';
    this.elements.push(
      struct(
        [1, i32(physicalTypes.indexOf(physical))],
        [2, length === 0 ? undefined : i32(length)],
        [3, i32(isNullable ? 1 : 0)],
        [4, binary(name)],
        [6, converted === undefined ? undefined : i32(converted)],
        [7, isDecimal ? i32(logical.scale) : undefined],
        [8, isDecimal ? i32(logical.precision) : undefined],
        [10, newer],
      ),
    );
    const path = names.join('.');
    const column = this.leaves.length;
    const leaf: Leaf = { kind: 'leaf', name, path, column, physical, length, logical, isNullable, ...levels };
    this.leaves.push({ ...leaf, type, names });
    return leaf;
  }
}

const noLogical = { logical: undefined, converted: undefined };

interface Storage {
  readonly physical: PhysicalType;
  readonly length: number;
  readonly logical: LogicalType | undefined;
}

function stored(physical: PhysicalType, logical?: LogicalType, length = 0): Storage {
  return { physical, length, logical };
}

/** How the values of a type are stored. */
function storageOf(type: DataType): Storage {
  switch (type.kind) {
    case 'boolean':
      return stored('BOOLEAN');
    case 'integer':
      return stored('INT64', { kind: 'integer', bits: 64, signed: true });
    case 'float64':
      return stored('DOUBLE');
    case 'decimal': {
      const { precision = mostDigits, scale = 0 } = type;
      const logical = { kind: 'decimal', precision, scale } as const;
      return precision <= 18 ? stored('INT64', logical) : stored('FIXED_LEN_BYTE_ARRAY', logical, 16);
    }
    case 'date':
      return stored('INT32', { kind: 'date' });
    case 'timestamp':
      return stored('INT64', { kind: 'timestamp', unit: type.unit, zoned: type.zoned });
    case 'time':
      if (type.unit === 'ms') return stored('INT32', { kind: 'time', unit: 'ms' });
      return stored('INT64', { kind: 'time', unit: type.unit });
    case 'binary':
      return stored('BYTE_ARRAY');
    case 'json':
      return stored('BYTE_ARRAY', { kind: 'json' });
    default:
      return stored('BYTE_ARRAY', { kind: 'string' });
  }
}
