/** A value to write, with its type. */
export type ThriftField =
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'i8' | 'i16' | 'i32'; readonly value: number }
  | { readonly type: 'i64'; readonly value: number | bigint }
  | { readonly type: 'binary'; readonly value: string | Uint8Array }
  | { readonly type: 'list'; readonly value: readonly ThriftField[] }
  | { readonly type: 'struct'; readonly value: ThriftFields };

/** The fields of a struct by their ids, which have to rise. What is undefined is left out. */
export type ThriftFields = readonly (readonly [id: number, field: ThriftField | undefined])[];

export const boolean = (value: boolean): ThriftField => ({ type: 'boolean', value });
export const i8 = (value: number): ThriftField => ({ type: 'i8', value });
export const i16 = (value: number): ThriftField => ({ type: 'i16', value });
export const i32 = (value: number): ThriftField => ({ type: 'i32', value });
export const i64 = (value: number | bigint): ThriftField => ({ type: 'i64', value });
export const binary = (value: string | Uint8Array): ThriftField => ({ type: 'binary', value });
export const list = (value: readonly ThriftField[]): ThriftField => ({ type: 'list', value });
export const struct = (...value: ThriftFields): ThriftField => ({ type: 'struct', value });

const codes = { boolean: 1, i8: 3, i16: 4, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;

/** A struct in Thrift's compact protocol. */
export function writeStruct(fields: ThriftFields): Buffer {
  const bytes: number[] = [];
  putStruct(bytes, fields);
  return Buffer.from(bytes);
}

function putStruct(bytes: number[], fields: ThriftFields): void {
  let last = 0;
  for (const [id, field] of fields) {
    if (field === undefined) continue;
    const code = field.type === 'boolean' && !field.value ? 2 : codes[field.type];
    if (id - last < 16) bytes.push(((id - last) << 4) | code);
    else {
      bytes.push(code);
      putVarint(bytes, zigzag(BigInt(id)));
    }
    last = id;
    if (field.type !== 'boolean') putValue(bytes, field);
  }
  bytes.push(0);
}

function putValue(bytes: number[], field: ThriftField): void {
  switch (field.type) {
    case 'boolean':
      bytes.push(field.value ? 1 : 2);
      return;
    case 'i8':
      bytes.push(field.value & 255);
      return;
    case 'i16':
    case 'i32':
    case 'i64':
      putVarint(bytes, zigzag(BigInt(field.value)));
      return;
    case 'binary': {
      const content = Buffer.from(field.value as Uint8Array);
      putVarint(bytes, BigInt(content.length));
      for (const byte of content) bytes.push(byte);
      return;
    }
    case 'list': {
      const { value } = field;
      const code = value[0] === undefined ? codes.struct : codes[value[0].type];
      if (value.length < 15) bytes.push((value.length << 4) | code);
      else {
        bytes.push(0xf0 | code);
        putVarint(bytes, BigInt(value.length));
      }
      for (const item of value) putValue(bytes, item);
      return;
    }
    case 'struct':
      putStruct(bytes, field.value);
  }
}

function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
}

function putVarint(bytes: number[], value: bigint): void {
  let rest = value;
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
}
