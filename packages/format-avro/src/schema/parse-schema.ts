import { corrupt } from '../errors.ts';
import type { AvroType, Field, Logical } from './avro-type.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const primitives = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']);
const deepest = 256;

/** @throws {FormatError} CORRUPT when the text is no schema. */
export function parseSchema(text: string): AvroType {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (cause) {
    throw corrupt('the schema is not JSON', { cause });
  }
  return new SchemaParser().type(json, '', 0);
}

class SchemaParser {
  readonly #named = new Map<string, AvroType>();

  type(json: Json | undefined, namespace: string, depth: number): AvroType {
    if (depth > deepest) throw corrupt(`the schema has more than ${deepest} levels`);
    if (typeof json === 'string') return this.#reference(json, namespace);
    if (isList(json))
      return { kind: 'union', branches: json.map((branch) => this.#branch(branch, namespace, depth)) };
    if (!isObject(json)) throw corrupt(`the schema has ${JSON.stringify(json)} for a type`);
    const { type } = json;
    if (typeof type !== 'string') return this.type(type, namespace, depth + 1);
    switch (type) {
      case 'record':
      case 'error':
        return this.#record(json, namespace, depth);
      case 'enum':
        return this.#define(json, namespace, { kind: 'enum', symbols: texts(json['symbols'], 'symbols') });
      case 'fixed': {
        const size = whole(json['size'], 'size');
        const logical = logicalOf(json, 'fixed', size);
        return this.#define(json, namespace, { kind: 'fixed', size, ...(logical && { logical }) });
      }
      case 'array':
        return { kind: 'array', items: this.type(json['items'], namespace, depth + 1) };
      case 'map':
        return { kind: 'map', values: this.type(json['values'], namespace, depth + 1) };
      default: {
        const found = this.#reference(type, namespace);
        const logical = logicalOf(json, type, 0);
        return logical && primitives.has(type) ? ({ ...found, logical } as AvroType) : found;
      }
    }
  }

  #branch(json: Json, namespace: string, depth: number): AvroType {
    if (isList(json)) throw corrupt('the schema has a union directly in a union');
    return this.type(json, namespace, depth + 1);
  }

  #reference(name: string, namespace: string): AvroType {
    if (primitives.has(name)) return { kind: name } as AvroType;
    const found = this.#named.get(fullName(name, namespace)) ?? this.#named.get(name);
    if (found === undefined)
      throw corrupt(`the schema has a type ${JSON.stringify(name)} that it does not define`);
    return found;
  }

  #record(json: JsonObject, namespace: string, depth: number): AvroType {
    const fields: Field[] = [];
    // Known before its fields are, for it can be among their types.
    const record = this.#define(json, namespace, { kind: 'record', fields });
    const inner = namespaceOf(json, namespace);
    const members = json['fields'];
    if (!isList(members)) throw corrupt('the schema has a record without fields');
    const names = new Set<string>();
    for (const member of members) {
      if (!isObject(member)) throw corrupt('the schema has a field that is none');
      const { name, 'x.name': original = name, type } = member;
      if (typeof original !== 'string') throw corrupt('the schema has a field without a name');
      if (names.has(original)) throw corrupt(`the schema has the field ${JSON.stringify(original)} twice`);
      names.add(original);
      fields.push({ name: original, type: this.type(type, inner, depth + 1) });
    }
    return record;
  }

  #define<T extends AvroType>(json: JsonObject, namespace: string, type: T): T {
    const { name } = json;
    if (typeof name !== 'string') throw corrupt('the schema has a named type without a name');
    this.#named.set(fullName(name, namespaceOf(json, namespace)), type);
    return type;
  }
}

function namespaceOf({ name, namespace }: JsonObject, outer: string): string {
  if (typeof name === 'string' && name.includes('.')) return name.slice(0, name.lastIndexOf('.'));
  return typeof namespace === 'string' ? namespace : outer;
}

function fullName(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
}

/** A logical type that does not fit is none, as the specification says. */
function logicalOf(json: JsonObject, type: string, size: number): Logical | undefined {
  const { logicalType: name, precision, scale = 0, sqlType } = json;
  if (type === 'string' && (sqlType === 'JSON' || name === 'json')) return { name: 'json' };
  if (name === 'decimal' && (type === 'bytes' || type === 'fixed')) {
    if (!isWhole(precision) || !isWhole(scale) || scale > precision || precision === 0) return undefined;
    return { name, precision, scale };
  }
  if (name === 'uuid' && (type === 'string' || (type === 'fixed' && size === 16))) return { name };
  if (name === 'duration' && type === 'fixed' && size === 12) return { name };
  if (name === 'date' && type === 'int') return { name };
  if (name === 'time-millis' && type === 'int') return { name: 'time', unit: 'ms' };
  if (name === 'time-micros' && type === 'long') return { name: 'time', unit: 'us' };
  const match =
    typeof name === 'string' && type === 'long'
      ? /^((?:local-)?timestamp)-(milli|micro|nano)s$/.exec(name)
      : null;
  if (match === null) return undefined;
  const unit = ({ milli: 'ms', micro: 'us', nano: 'ns' } as const)[match[2] as 'milli' | 'micro' | 'nano'];
  return { name: match[1] as 'timestamp' | 'local-timestamp', unit };
}

function texts(json: Json | undefined, what: string): readonly string[] {
  if (isList(json) && json.every((item): item is string => typeof item === 'string')) return json;
  throw corrupt(`the schema has ${what} that are none`);
}

function whole(json: Json | undefined, what: string): number {
  if (isWhole(json)) return json;
  throw corrupt(`the schema has a ${what} that is none`);
}

function isWhole(json: Json | undefined): json is number {
  return typeof json === 'number' && Number.isSafeInteger(json) && json >= 0;
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !isList(json);
}
