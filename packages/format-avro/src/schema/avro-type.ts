/** What a value means beyond how it is encoded. */
export type Logical =
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly name: 'date' | 'uuid' | 'duration' | 'json' }
  | { readonly name: 'time' | 'timestamp' | 'local-timestamp'; readonly unit: 'ms' | 'us' | 'ns' };

interface Primitive {
  readonly kind: 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';
  readonly logical?: Logical;
}

/** A type of Avro, names resolved. Records can contain themselves. */
export type AvroType =
  | Primitive
  | { readonly kind: 'fixed'; readonly size: number; readonly logical?: Logical }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array'; readonly items: AvroType }
  | { readonly kind: 'map'; readonly values: AvroType }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] }
  | RecordType;

export interface RecordType {
  readonly kind: 'record';
  readonly fields: readonly Field[];
}

export interface Field {
  /** Of the column that it is. */
  readonly name: string;
  readonly type: AvroType;
}
