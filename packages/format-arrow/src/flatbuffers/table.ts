import { corrupt } from '../errors.ts';

/**
 * A table of FlatBuffers (https://flatbuffers.dev/internals/), read where it lies. Every place is checked
 * before it is looked at, because a damaged file may point anywhere.
 */
export class Table {
  readonly #view: DataView;
  readonly #at: number;
  readonly #vtable: number;
  readonly #slots: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#vtable = at - int32(view, at);
    this.#slots = (uint16(view, this.#vtable) - 4) >> 1;
  }

  /** The table that a buffer is of. */
  static root(bytes: Uint8Array): Table {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new Table(view, uint32(view, 0));
  }

  bool(slot: number): boolean {
    return this.uint8(slot, 0) !== 0;
  }

  uint8(slot: number, initial: number): number {
    const at = this.#place(slot);
    return at === 0 ? initial : at < this.#view.byteLength ? this.#view.getUint8(at) : outside();
  }

  int16(slot: number, initial: number): number {
    const at = this.#place(slot);
    return at === 0 ? initial : (uint16(this.#view, at) << 16) >> 16;
  }

  int32(slot: number, initial: number): number {
    const at = this.#place(slot);
    return at === 0 ? initial : int32(this.#view, at);
  }

  /** A whole number from 0 on: what has 64 bits here are lengths and places. */
  size(slot: number): number {
    const at = this.#place(slot);
    return at === 0 ? 0 : sizeAt(this.#view, at);
  }

  /** The 64 bits as they are, for what is only compared. */
  id(slot: number): string {
    const at = this.#place(slot);
    return at === 0 ? '0:0' : `${int32(this.#view, at + 4)}:${int32(this.#view, at)}`;
  }

  text(slot: number): string | undefined {
    const place = this.#place(slot);
    if (place === 0) return undefined;
    const at = place + uint32(this.#view, place);
    const length = uint32(this.#view, at);
    if (at + 4 + length > this.#view.byteLength) outside();
    return Buffer.from(this.#view.buffer, this.#view.byteOffset + at + 4, length).toString();
  }

  table(slot: number): Table | undefined {
    const at = this.#place(slot);
    return at === 0 ? undefined : new Table(this.#view, at + uint32(this.#view, at));
  }

  tables(slot: number): Table[] {
    return this.#items(slot, 4, (at) => new Table(this.#view, at + uint32(this.#view, at)));
  }

  int32s(slot: number): number[] {
    return this.#items(slot, 4, (at) => int32(this.#view, at));
  }

  sizes(slot: number): number[] {
    return this.#items(slot, 8, (at) => sizeAt(this.#view, at));
  }

  /** Structs of so many 64-bit numbers, one behind the other. */
  structs(slot: number, numbers: number): number[][] {
    return this.#items(slot, numbers * 8, (at) =>
      Array.from({ length: numbers }, (_, i) => sizeAt(this.#view, at + i * 8)),
    );
  }

  /** How many items a vector has. */
  count(slot: number): number {
    const place = this.#place(slot);
    return place === 0 ? 0 : uint32(this.#view, place + uint32(this.#view, place));
  }

  /** Where the value of a field is; 0 where it has its default. */
  #place(slot: number): number {
    if (slot >= this.#slots) return 0;
    const offset = uint16(this.#view, this.#vtable + 4 + slot * 2);
    return offset === 0 ? 0 : this.#at + offset;
  }

  #items<Item>(slot: number, width: number, item: (at: number) => Item): Item[] {
    const place = this.#place(slot);
    if (place === 0) return [];
    const start = place + uint32(this.#view, place);
    const count = uint32(this.#view, start);
    if (start + 4 + count * width > this.#view.byteLength) outside();
    return Array.from({ length: count }, (_, i) => item(start + 4 + i * width));
  }
}

function outside(): never {
  throw corrupt('the metadata points outside of itself');
}

function uint16(view: DataView, at: number): number {
  return at >= 0 && at + 2 <= view.byteLength ? view.getUint16(at, true) : outside();
}

function int32(view: DataView, at: number): number {
  return at >= 0 && at + 4 <= view.byteLength ? view.getInt32(at, true) : outside();
}

function uint32(view: DataView, at: number): number {
  return int32(view, at) >>> 0;
}

function sizeAt(view: DataView, at: number): number {
  const value = int32(view, at + 4) * 0x1_0000_0000 + uint32(view, at);
  if (value < 0 || !Number.isSafeInteger(value)) throw corrupt(`the metadata has a size of ${value}`);
  return value;
}
