import { type Column, type DataType, FormatError } from '@x/formats';

import { format } from '../errors.ts';
import type { WritePlan } from '../options.ts';

/** A schema as JSON has it. */
export type SchemaJson = string | readonly SchemaJson[] | { readonly [key: string]: unknown };

/**
 * The schema of a record of these columns, each of which can be null.
 *
 * @throws {FormatError} UNREPRESENTABLE for a name that Avro does not allow.
 */
export function schemaOf(columns: readonly Column[], { recordName, encodesNames }: WritePlan): SchemaJson {
  return new SchemaMaker(encodesNames).record(recordName, columns);
}

class SchemaMaker {
  readonly #encodesNames: boolean;
  readonly #records = new Set<string>();

  constructor(encodesNames: boolean) {
    this.#encodesNames = encodesNames;
  }

  record(wanted: string, columns: readonly Column[]): SchemaJson {
    let name = wanted;
    for (let number = 2; this.#records.has(name); number++) name = `${wanted}_${number}`;
    this.#records.add(name);
    const names = new Set<string>();
    const fields = columns.map((column) => {
      const field = this.#nameOf(column.name);
      if (names.has(field)) throw refused(column.name, `is ${field} in Avro, as another column is`);
      names.add(field);
      const own = field === column.name ? {} : { 'x.name': column.name };
      return { name: field, ...own, type: this.#nullable(column.type, `${name}_${field}`), default: null };
    });
    return { type: 'record', name, fields };
  }

  #nullable(type: DataType, name: string): SchemaJson {
    return ['null', this.#type(type, name)];
  }

  #type(type: DataType, name: string): SchemaJson {
    switch (type.kind) {
      case 'boolean':
        return 'boolean';
      case 'integer':
        return 'long';
      case 'float64':
        return 'double';
      case 'decimal':
        return { type: 'bytes', logicalType: 'decimal', precision: type.precision, scale: type.scale ?? 0 };
      case 'date':
        return { type: 'int', logicalType: 'date' };
      case 'time':
        return type.unit === 'ms'
          ? { type: 'int', logicalType: 'time-millis' }
          : { type: 'long', logicalType: 'time-micros' };
      case 'timestamp': {
        const unit = { ms: 'millis', us: 'micros', ns: 'nanos' }[type.unit];
        return { type: 'long', logicalType: `${type.zoned ? '' : 'local-'}timestamp-${unit}` };
      }
      case 'binary':
        return 'bytes';
      case 'list':
        return { type: 'array', items: this.#nullable(type.item, name) };
      case 'map':
        return { type: 'map', values: this.#nullable(type.value, name) };
      case 'struct':
        return this.record(name, type.fields);
      case 'json':
      case 'any':
        // As BigQuery marks it; for every other reader it is text.
        return { type: 'string', sqlType: 'JSON' };
      case 'string':
        return 'string';
    }
  }

  #nameOf(name: string): string {
    if (/^[A-Za-z_]\w*$/.test(name)) return name;
    if (!this.#encodesNames) throw refused(name, 'is no name in Avro');
    const encoded = name.replaceAll(
      /[^A-Za-z0-9_]/gu,
      (letter) => `_x${letter.codePointAt(0)!.toString(16)}_`,
    );
    return /^[A-Za-z_]/.test(encoded) ? encoded : `_${encoded}`;
  }
}

function refused(name: string, what: string): FormatError {
  return new FormatError('UNREPRESENTABLE', `the column ${JSON.stringify(name)} ${what}`, {
    format,
    field: name,
    hint: `rename it to letters, digits and underscores, or choose names: 'encode'`,
  });
}
