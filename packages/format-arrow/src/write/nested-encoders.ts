import type { Column, ColumnData, DataType, Value } from '@x/formats';
import { columnBuilder } from '@x/formats/columns';

import { Bytes } from './flat-encoders.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import { type ArrayEncoder, isNull, Validated } from './validated.ts';

/** Lists, and the keys and values of maps. */
abstract class Offsets extends Validated {
  readonly #offsets = new GrowingBuffer();
  #end = 0;

  protected addLengths(lengths: readonly number[]): void {
    if (this.#offsets.length === 0) this.#offsets.words(1)[0] = 0;
    const own = this.#offsets.words(lengths.length);
    for (const [i, length] of lengths.entries()) own[i] = this.#end += length;
    if (this.#end > 0x7fff_ffff) throw new RangeError('a record batch has more than 2^31 items in a column');
  }

  protected get offsets(): Uint8Array {
    return this.#offsets.length === 0 ? new Uint8Array(4) : this.#offsets.bytes;
  }

  protected clearOffsets(): void {
    this.validity.clear();
    this.#offsets.clear();
    this.#end = 0;
  }
}

export class Lists extends Offsets implements ArrayEncoder {
  readonly #item: ArrayEncoder;
  readonly #type: DataType;

  constructor(item: ArrayEncoder, type: DataType) {
    super();
    this.#item = item;
    this.#type = type;
  }

  get size(): number {
    return this.offsets.length + this.#item.size;
  }

  append(data: ColumnData, from: number, to: number): void {
    this.addValidity(data, from, to);
    const lists = valuesIn(data, from, to).map((value) =>
      Array.isArray(value) ? (value as readonly Value[]) : [],
    );
    this.addLengths(lists.map(({ length }) => length));
    appendValues(this.#item, this.#type, lists.flat());
  }

  collect(nodes: (readonly number[])[], buffers: Uint8Array[]): void {
    this.node(nodes, buffers);
    buffers.push(this.offsets);
    this.#item.collect(nodes, buffers);
  }

  clear(): void {
    this.clearOffsets();
    this.#item.clear();
  }
}

export class Maps extends Offsets implements ArrayEncoder {
  readonly #keys: ArrayEncoder = new Bytes('key');
  readonly #content: ArrayEncoder;
  readonly #type: DataType;
  #entries = 0;

  constructor(content: ArrayEncoder, type: DataType) {
    super();
    this.#content = content;
    this.#type = type;
  }

  get size(): number {
    return this.offsets.length + this.#keys.size + this.#content.size;
  }

  append(data: ColumnData, from: number, to: number): void {
    this.addValidity(data, from, to);
    const maps = valuesIn(data, from, to).map((value) => Object.entries(membersOf(value)));
    this.addLengths(maps.map(({ length }) => length));
    const entries = maps.flat();
    this.#entries += entries.length;
    appendValues(
      this.#keys,
      { kind: 'string' },
      entries.map(([key]) => key),
    );
    appendValues(
      this.#content,
      this.#type,
      entries.map(([, value]) => value),
    );
  }

  collect(nodes: (readonly number[])[], buffers: Uint8Array[]): void {
    this.node(nodes, buffers);
    buffers.push(this.offsets);
    // The entries, which are never null.
    nodes.push([this.#entries, 0]);
    buffers.push(new Uint8Array(0));
    this.#keys.collect(nodes, buffers);
    this.#content.collect(nodes, buffers);
  }

  clear(): void {
    this.clearOffsets();
    this.#entries = 0;
    this.#keys.clear();
    this.#content.clear();
  }
}

export class Structs extends Validated implements ArrayEncoder {
  readonly #members: readonly { readonly field: Column; readonly encoder: ArrayEncoder }[];

  constructor(members: readonly { readonly field: Column; readonly encoder: ArrayEncoder }[]) {
    super();
    this.#members = members;
  }

  get size(): number {
    return this.#members.reduce((sum, { encoder }) => sum + encoder.size, 0);
  }

  append(data: ColumnData, from: number, to: number): void {
    this.addValidity(data, from, to);
    const objects = valuesIn(data, from, to).map(membersOf);
    for (const { field, encoder } of this.#members) {
      const { name, type } = field;
      const values = objects.map((object) => (Object.hasOwn(object, name) ? object[name] : null));
      appendValues(encoder, type, values);
    }
  }

  collect(nodes: (readonly number[])[], buffers: Uint8Array[]): void {
    this.node(nodes, buffers);
    for (const { encoder } of this.#members) encoder.collect(nodes, buffers);
  }

  clear(): void {
    this.validity.clear();
    for (const { encoder } of this.#members) encoder.clear();
  }
}

function valuesIn(data: ColumnData, from: number, to: number): readonly Value[] {
  if (data.kind !== 'values') throw new TypeError(`${data.kind} are no lists or objects`);
  return data.values.slice(from, to);
}

function membersOf(value: Value): { readonly [key: string]: Value } {
  return isNull(value) ? {} : (value as { readonly [key: string]: Value });
}

/** Values that are known to be of the type. */
function appendValues(encoder: ArrayEncoder, type: DataType, values: readonly Value[]): void {
  const builder = columnBuilder(type, values.length);
  for (const value of values) {
    if (!builder.add(value)) throw new TypeError(`a value is no ${type.kind}`);
  }
  encoder.append(builder.build(), 0, values.length);
}
