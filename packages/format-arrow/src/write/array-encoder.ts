import type { Column, ColumnData } from '@x/formats';

import { Booleans, Bytes, Decimals, Fixed } from './flat-encoders.ts';
import { Lists, Maps, Structs } from './nested-encoders.ts';
import type { ArrayEncoder } from './validated.ts';

/** An encoder for a column, with those of its parts inside. `path` is for errors. */
export function arrayEncoder({ name, type }: Column, path = name): ArrayEncoder {
  switch (type.kind) {
    case 'boolean':
      return new Booleans();
    case 'date':
      return new Fixed(4, (data, from, to) => of(data, 'int32', from, to));
    case 'float64':
      return new Fixed(8, (data, from, to) => of(data, 'float64', from, to));
    case 'integer':
    case 'timestamp':
      return new Fixed(8, wholes);
    case 'time':
      return type.unit === 'ms' ? new Fixed(4, narrowed) : new Fixed(8, wholes);
    case 'decimal':
      return new Decimals(type);
    case 'list':
      return new Lists(arrayEncoder({ name: 'item', type: type.item }, `${path}.item`), type.item);
    case 'map':
      return new Maps(arrayEncoder({ name: 'value', type: type.value }, `${path}.value`), type.value);
    case 'struct':
      return new Structs(
        type.fields.map((field) => ({ field, encoder: arrayEncoder(field, `${path}.${field.name}`) })),
      );
    default:
      return new Bytes(path);
  }
}

function of(
  data: ColumnData,
  kind: 'int32' | 'int64' | 'float64',
  from: number,
  to: number,
): ArrayBufferView {
  if (data.kind !== kind) throw new TypeError(`${data.kind} are no ${kind}`);
  return data.values.subarray(from, to);
}

function wholes(data: ColumnData, from: number, to: number): ArrayBufferView {
  if (data.kind !== 'int32') return of(data, 'int64', from, to);
  const words = new Int32Array((to - from) * 2);
  for (let i = from; i < to; i++) {
    const value = data.values[i]!;
    words[(i - from) * 2] = value;
    words[(i - from) * 2 + 1] = value >> 31;
  }
  return words;
}

/** Milliseconds of a day, which 32 bits hold. */
function narrowed(data: ColumnData, from: number, to: number): ArrayBufferView {
  if (data.kind !== 'int64') return of(data, 'int32', from, to);
  return Int32Array.from({ length: to - from }, (_, i) => Number(BigInt.asIntN(32, data.values[from + i]!)));
}
