import type { RowReader } from '@x/convert';

export interface ColumnFindings {
  readonly name: string;
  /** As the file, or a look at its first rows, says: `integer`, `string`, `integer | string`. */
  readonly type: string;
  /** Cells without a value among the rows that were looked at. */
  readonly nulls: number;
  /** The first value. */
  readonly example: unknown;
}

export interface Findings {
  /** Undefined where the reading ended before the file did. */
  readonly rows: number | undefined;
  /** How many rows `columns` speaks of. */
  readonly rowsLookedAt: number;
  readonly columns: readonly ColumnFindings[];
  /** The first rows, cells by position in `columns`. */
  readonly sample: readonly (readonly unknown[])[];
}

interface Limits {
  readonly sampleSize: number;
  /** Whether to read on, only counting, when enough rows have been looked at. */
  readonly toTheEnd: boolean;
  readonly onBatch: (rowsRead: number) => void;
}

/** Rows that are looked at cell by cell. */
const lookAt = 1000;

/** Reads what is to be said of a file's rows. */
export async function findings(reader: RowReader, limits: Limits): Promise<Findings> {
  const { sampleSize, toTheEnd, onBatch } = limits;
  const looks: Look[] = [];
  const sample: (readonly unknown[])[] = [];
  let { columns } = reader.schema;
  let rows = 0;
  let rowsLookedAt = 0;
  let ended = true;
  for await (const batch of reader.batches()) {
    ({ columns } = batch.schema);
    if (rows < Math.max(lookAt, sampleSize)) {
      for (const row of batch.rows()) {
        if (sample.length < sampleSize) sample.push([...row]);
        if (rowsLookedAt >= lookAt) continue;
        for (const [i] of columns.entries()) look((looks[i] ??= newLook(rowsLookedAt)), row[i]);
        rowsLookedAt += 1;
      }
    } else if (!toTheEnd) {
      ended = false;
      break;
    }
    rows += batch.rowCount;
    onBatch(rows);
  }
  return {
    rows: ended ? rows : undefined,
    rowsLookedAt,
    columns: columns.map(({ name, type }, i) => {
      const { kinds, nulls, example } = looks[i] ?? newLook(rowsLookedAt);
      return {
        name,
        type: type.kind === 'any' ? [...kinds].join(' | ') || 'null' : typeName(type),
        nulls,
        example,
      };
    }),
    sample,
  };
}

interface Look {
  readonly kinds: Set<string>;
  nulls: number;
  example: unknown;
}

/** @param missed Rows that passed before the column first appeared. */
function newLook(missed: number): Look {
  return { kinds: new Set(), nulls: missed, example: undefined };
}

function look(at: Look, value: unknown): void {
  if (value === undefined || value === null) {
    at.nulls += 1;
    return;
  }
  at.kinds.add(kindOf(value));
  at.example ??= value;
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float64';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value !== 'object' || value === null) return typeof value;
  if (Array.isArray(value)) return 'list';
  if (value instanceof Date) return value.toJSON().includes('T') ? 'timestamp' : 'date';
  if (value instanceof Uint8Array) return 'binary';
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? 'struct' : 'decimal';
}

type Type = RowReader['schema']['columns'][number]['type'];

/** `list<integer>`, `struct<a: string, b: date>`, `timestamp`. */
function typeName(type: Type): string {
  if (type.kind === 'list') return `list<${typeName(type.item)}>`;
  if (type.kind === 'struct')
    return `struct<${type.fields.map((one) => `${one.name}: ${typeName(one.type)}`).join(', ')}>`;
  if (type.kind === 'decimal' && type.precision !== undefined)
    return `decimal(${type.precision}, ${type.scale ?? 0})`;
  return type.kind;
}
