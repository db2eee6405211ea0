// What DuckDB reads, and what is read here, in one spelling.
import { DuckDBInstance, type Json } from '@duckdb/node-api';
import { type Column, type DataType, Decimal, type Value } from '@x/formats';
import { MemorySource } from '@x/formats/contract-suite';
import { parquet } from '@x/format-parquet';

/** A value of either, its numbers as text and its moments as ISO 8601 has them. */
export type Told = null | boolean | string | Told[] | { readonly [key: string]: Told };

/** Rows that DuckDB gives for a query. */
export async function askDuckDb(query: string): Promise<Record<string, Told>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run(`SET TimeZone = 'UTC'`);
    const reader = await connection.runAndReadAll(query);
    return reader.getRowObjectsJson().map((row) => toldJson(row) as Record<string, Told>);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The rows of a file, as they are read here. */
export async function rowsOf(file: Uint8Array): Promise<Record<string, Told>[]> {
  const reader = parquet().createReader(new MemorySource(file));
  const { columns } = await reader.schema();
  const rows: Record<string, Told>[] = [];
  for await (const batch of reader) {
    for (const values of batch.rows()) {
      rows.push(Object.fromEntries(columns.map(({ name, type }, i) => [name, told(values[i], type)])));
    }
  }
  return rows;
}

function toldFields(row: Readonly<Record<string, Value>>, columns: readonly Column[]): Record<string, Told> {
  return Object.fromEntries(columns.map(({ name, type }) => [name, told(row[name], type)]));
}

export function told(value: Value, type: DataType): Told {
  if (value === null || value === undefined) return null;
  if (type.kind === 'json') return JSON.stringify(value);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return type.kind === 'time' ? withoutZeros(value) : value;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint' || Decimal.is(value)) return String(value);
  if (value instanceof Uint8Array) return bytesText(value);
  if (value instanceof Date) {
    const text = value.toISOString();
    return type.kind === 'date' ? text.slice(0, text.indexOf('T')) : momentText(text);
  }
  if (Array.isArray(value)) {
    const item = type.kind === 'list' ? type.item : type;
    return (value as Value[]).map((one) => told(one, item));
  }
  const object = value as Readonly<Record<string, Value>>;
  if (type.kind === 'struct') return toldFields(object, type.fields);
  const inner = type.kind === 'map' ? type.value : type;
  return Object.entries(object).map(([key, one]) => ({ key, value: told(one, inner) }));
}

function toldJson(value: Json): Told {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') {
    if (/^\d\d:\d\d:\d\d\.\d+$/.test(value)) return withoutZeros(value);
    return /^\d{4,}-\d\d-\d\d \d\d:/.test(value) ? momentText(value) : value;
  }
  if (Array.isArray(value)) return value.map(toldJson);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toldJson(one)]));
}

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

const withoutZeros = (time: string): string => (time.includes('.') ? time.replace(/\.?0+$/, '') : time);

/** Without a zone, which is UTC where there is one, and without zeros behind the second. */
function momentText(text: string): string {
  const [, day, time, fraction = ''] =
    /^([+-]?\d+-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?/.exec(text) ?? [];
  const digits = fraction.replace(/0+$/, '');
  return `${day}T${time}${digits === '' ? '' : `.${digits}`}`;
}

/** As DuckDB spells bytes. */
export function bytesText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    const isPlain = byte >= 32 && byte < 127 && byte !== 39 && byte !== 34;
    return isPlain ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
