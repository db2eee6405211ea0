import { corrupt, unsupported } from '../errors.ts';
import type { Table } from '../flatbuffers/table.ts';
import { type ArrowType, arrowUnits, type Field, type IntType } from '../schema/arrow-type.ts';

// The numbers of slots and types are those of Schema.fbs:
// https://github.com/apache/arrow/blob/main/format/Schema.fbs

/** More levels are a mistake, or an attack. */
const mostLevels = 100;
/** Fields may share their parts, so that a small schema can have more of them than there is time for. */
const mostFields = 1_000_000;

/** @throws {FormatError} UNSUPPORTED for bytes with the most significant first, and for types that are newer than this. */
export function readSchema(schema: Table): Field[] {
  if (schema.int16(0, 0) !== 0) {
    throw unsupported('the numbers have their most significant byte first', {
      hint: 'have it written on a little-endian machine, as nearly all are',
    });
  }
  const seen = { fields: 0 };
  return schema.tables(1).map((field) => readField(field, 0, seen));
}

function readField(field: Table, depth: number, seen: { fields: number }): Field {
  const name = field.text(0) ?? '';
  if (depth > mostLevels) throw corrupt('the schema is nested too deep');
  if (++seen.fields > mostFields) throw corrupt(`the schema has more than ${mostFields} fields`);
  const children = field.tables(5).map((child) => readField(child, depth + 1, seen));
  const type = readType(field.uint8(2, 0), field.table(3), name);
  checkChildren(type, children, name);
  const encoding = field.table(4);
  const index = encoding?.table(1);
  return {
    name,
    type,
    children,
    dictionary: encoding && {
      id: encoding.id(0),
      index: index === undefined ? { kind: 'int', bits: 32, signed: true } : readInt(index, name),
    },
    extension: field
      .tables(6)
      .find((pair) => pair.text(0) === 'ARROW:extension:name')
      ?.text(1),
  };
}

function readType(kind: number, type: Table | undefined, name: string): ArrowType {
  if (type === undefined) throw corrupt(`the column ${JSON.stringify(name)} has no type`);
  switch (kind) {
    case 1:
      return { kind: 'null' };
    case 2:
      return readInt(type, name);
    case 3:
      return { kind: 'float', bits: oneOf([16, 32, 64], type.int16(0, 0), name) };
    case 4:
    case 19:
    case 23:
      return { kind: 'bytes', isText: false, width: kind === 4 ? 32 : kind === 19 ? 64 : 'view' };
    case 5:
    case 20:
    case 24:
      return { kind: 'bytes', isText: true, width: kind === 5 ? 32 : kind === 20 ? 64 : 'view' };
    case 6:
      return { kind: 'bool' };
    case 7:
      return readDecimal(type, name);
    case 8:
      return { kind: 'date', unit: oneOf(['day', 'ms'], type.int16(0, 1), name) };
    case 9:
      return readTime(type, name);
    case 10:
      return { kind: 'timestamp', unit: oneOf(arrowUnits, type.int16(0, 0), name), zone: zoneOf(type) };
    case 11:
      return { kind: 'interval', unit: oneOf(['months', 'days', 'all'], type.int16(0, 0), name) };
    case 12:
    case 21:
    case 25:
    case 26:
      return { kind: 'list', width: kind === 12 || kind === 25 ? 32 : 64, isView: kind > 21 };
    case 13:
      return { kind: 'struct' };
    case 14:
      return { kind: 'union', isDense: type.int16(0, 0) === 1, typeIds: type.int32s(1) };
    case 15:
      return { kind: 'fixed bytes', size: natural(type.int32(0, 0), name) };
    case 16:
      return { kind: 'fixed list', size: natural(type.int32(0, 0), name) };
    case 17:
      return { kind: 'map' };
    case 18:
      return { kind: 'duration', unit: oneOf(arrowUnits, type.int16(0, 1), name) };
    case 22:
      return { kind: 'runs' };
    default:
      throw unsupported(`the column ${JSON.stringify(name)} has the type number ${kind}`, {
        field: name,
        hint: 'it is not of Arrow 1.5, which is what is read here',
      });
  }
}

function readInt(type: Table, name: string): IntType {
  const bits = type.int32(0, 0);
  if (bits !== 8 && bits !== 16 && bits !== 32 && bits !== 64) throw bad(name, `integers of ${bits} bits`);
  return { kind: 'int', bits, signed: type.bool(1) };
}

function readDecimal(type: Table, name: string): ArrowType {
  const [precision, scale, bits] = [type.int32(0, 0), type.int32(1, 0), type.int32(2, 128)];
  if (bits !== 32 && bits !== 64 && bits !== 128 && bits !== 256) throw bad(name, `decimals of ${bits} bits`);
  // 256 bits hold 76 digits.
  if (precision < 1 || precision > 76 || Math.abs(scale) > 1000) {
    throw bad(name, `decimals of ${precision} digits, ${scale} of them after the point`);
  }
  return { kind: 'decimal', bits, precision, scale };
}

function readTime(type: Table, name: string): ArrowType {
  const unit = oneOf(arrowUnits, type.int16(0, 1), name);
  const bits = type.int32(1, 32);
  if (bits !== (unit === 's' || unit === 'ms' ? 32 : 64)) throw bad(name, `times in ${unit} of ${bits} bits`);
  return { kind: 'time', unit };
}

/** An empty zone is none. */
function zoneOf(type: Table): string | undefined {
  const zone = type.text(1);
  return zone === '' ? undefined : zone;
}

function checkChildren(type: ArrowType, children: readonly Field[], name: string): void {
  const wanted = { list: 1, 'fixed list': 1, map: 1, runs: 2 } as const;
  if (type.kind === 'union') {
    // Where nothing is said, they are numbered.
    if (type.typeIds.length > 0 && type.typeIds.length !== children.length) {
      throw bad(name, `${children.length} types with ${type.typeIds.length} numbers`);
    }
    return;
  }
  if (type.kind === 'struct') return;
  const count = type.kind in wanted ? wanted[type.kind as keyof typeof wanted] : 0;
  if (children.length !== count) throw bad(name, `${children.length} parts, where it has ${count}`);
  const [first] = children;
  if (type.kind === 'map' && (first!.type.kind !== 'struct' || first!.children.length !== 2)) {
    throw bad(name, 'a map without keys and values');
  }
  if (type.kind === 'runs' && (first!.type.kind !== 'int' || !first!.type.signed || first!.type.bits === 8)) {
    throw bad(name, 'runs whose ends are no integers');
  }
}

function natural(size: number, name: string): number {
  if (size < 0) throw bad(name, `a size of ${size}`);
  return size;
}

function oneOf<Item>(items: readonly Item[], index: number, name: string): Item {
  const item = items[index];
  if (item === undefined) throw bad(name, `the number ${index}, which stands for nothing`);
  return item;
}

function bad(name: string, what: string) {
  return corrupt(`the column ${JSON.stringify(name)} has ${what}`, { field: name });
}
