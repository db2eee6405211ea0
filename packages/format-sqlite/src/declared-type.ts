import type { DataType } from '@x/formats';

/** Digits of the second, as in SQL. */
const units = ['ms', 'us', 'ns'] as const;
const digits = { ms: 3, us: 6, ns: 9 } as const;

/**
 * How columns are declared. SQLite makes numbers of text in columns whose declaration it does not know,
 * so where digits matter the word TEXT is in it (https://sqlite.org/datatype3.html, 3.1).
 */
export function declarationOf(type: DataType): string {
  switch (type.kind) {
    case 'boolean':
      return 'BOOLEAN';
    case 'integer':
      return 'INTEGER';
    case 'float64':
      return 'REAL';
    case 'decimal':
      return `DECIMAL_TEXT(${type.precision}, ${type.scale ?? 0})`;
    case 'date':
      return 'DATE';
    case 'timestamp':
      return `TIMESTAMP${type.zoned ? '' : '_LOCAL'}(${digits[type.unit]})`;
    case 'binary':
      return 'BLOB';
    case 'list':
    case 'struct':
    case 'map':
    case 'json':
    case 'any':
      return 'JSON_TEXT';
    case 'string':
    case 'time':
      return 'TEXT';
  }
}

/** What a column holds by how it is declared, where that is more than what SQLite stores. */
export function declaredType(declaration: string | null): DataType {
  const decimal = /^DECIMAL_TEXT\((\d{1,4}), (\d{1,4})\)$/.exec(declaration ?? '');
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const [, name, precision] = /^([^(]*)(?:\(([369])\))?$/.exec(declaration?.toUpperCase() ?? '') ?? [];
  const unit = units.find((one) => String(digits[one]) === precision) ?? 'ns';
  switch (name) {
    case 'BOOLEAN':
    case 'BOOL':
      return { kind: 'boolean' };
    case 'DATE':
      return { kind: 'date' };
    case 'TIMESTAMP':
      return { kind: 'timestamp', unit, zoned: true };
    case 'TIMESTAMP_LOCAL':
    case 'DATETIME':
      return { kind: 'timestamp', unit, zoned: false };
    case 'JSON':
    case 'JSON_TEXT':
      return { kind: 'json' };
    default:
      return { kind: 'any' };
  }
}
