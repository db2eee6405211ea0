/** A value of a table, with the width that it has there. */
export type Slot =
  | { readonly kind: 'number'; readonly width: 1 | 2 | 4 | 8; readonly value: number }
  | { readonly kind: 'offset'; readonly target: Part };

/** Something that a table refers to. */
export type Part =
  | { readonly kind: 'table'; readonly slots: readonly (Slot | undefined)[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'offsets'; readonly items: readonly Part[] }
  /** Structs, or numbers of 64 bits, as their bytes. */
  | { readonly kind: 'structs'; readonly count: number; readonly bytes: Uint8Array };

export const number = (width: 1 | 2 | 4 | 8, value: number): Slot => ({ kind: 'number', width, value });
export const offset = (target: Part): Slot => ({ kind: 'offset', target });
/** A table by its fields; those that have their default are undefined. */
export const table = (...slots: readonly (Slot | undefined)[]): Part => ({ kind: 'table', slots });
export const text = (value: string): Part => ({ kind: 'text', text: value });
export const offsets = (items: readonly Part[]): Part => ({ kind: 'offsets', items });
/** Numbers of 64 bits, `numbers` to a struct. */
export function structs(items: readonly (readonly number[])[], numbers: number): Part {
  const bytes = Buffer.alloc(items.length * numbers * 8);
  for (const [i, item] of items.entries()) {
    for (const [k, value] of item.entries()) putLong(bytes, value, (i * numbers + k) * 8);
  }
  return { kind: 'structs', count: items.length, bytes };
}

/** A buffer of FlatBuffers with this table as its root; its length is a multiple of 8. */
export function flatbuffer(root: Part): Buffer {
  const builder = new Builder();
  const at = builder.put(root);
  return builder.finish(at);
}

function putLong(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32LE(value >>> 0, at);
  bytes.writeInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
}

/** Builds from the end to the front, since everything refers to what comes later. Places are counted from the end. */
class Builder {
  #bytes = Buffer.alloc(1024);
  #length = 0;

  /** Puts a part; gives its place. */
  put(part: Part): number {
    switch (part.kind) {
      case 'text': {
        const bytes = Buffer.from(part.text);
        this.#align(4, bytes.length + 1);
        this.#putBytes(Buffer.alloc(1));
        this.#putBytes(bytes);
        this.#putNumber(4, bytes.length);
        return this.#length;
      }
      case 'structs':
        this.#align(8, part.bytes.length);
        this.#putBytes(part.bytes);
        this.#putNumber(4, part.count);
        return this.#length;
      case 'offsets': {
        const places = part.items.map((item) => this.put(item));
        this.#align(4, places.length * 4);
        for (const place of places.toReversed()) this.#putOffset(place);
        this.#putNumber(4, places.length);
        return this.#length;
      }
      case 'table':
        return this.#putTable(part.slots);
    }
  }

  finish(root: number): Buffer {
    // What is put in front of it moves all by a multiple of 8.
    this.#align(8, 4);
    this.#putOffset(root);
    return this.#bytes.subarray(this.#bytes.length - this.#length);
  }

  #putTable(slots: readonly (Slot | undefined)[]): number {
    const targets = slots.map((slot) => (slot?.kind === 'offset' ? this.put(slot.target) : 0));
    const places: number[] = slots.map(() => 0);
    const start = this.#length;
    // The widest first, so that nothing lies between them.
    for (const width of [8, 4, 2, 1] as const) {
      for (const [i, slot] of slots.entries()) {
        if (slot === undefined || widthOf(slot) !== width) continue;
        this.#align(width, 0);
        if (slot.kind === 'offset') this.#putOffset(targets[i]!);
        else this.#putNumber(width, slot.value);
        places[i] = this.#length;
      }
    }
    this.#align(4, 0);
    this.#front(4);
    const tableAt = this.#length;
    for (const place of places.toReversed()) {
      this.#putNumber(2, place === 0 ? 0 : tableAt - place);
    }
    this.#putNumber(2, tableAt - start);
    this.#putNumber(2, (slots.length + 2) * 2);
    this.#bytes.writeInt32LE(this.#length - tableAt, this.#bytes.length - tableAt);
    return tableAt;
  }

  #putNumber(width: 1 | 2 | 4 | 8, value: number): void {
    // The bytes may be others once there is room.
    const at = this.#front(width);
    if (width === 1) this.#bytes.writeUInt8(value, at);
    else if (width === 2) this.#bytes.writeInt16LE(value, at);
    else if (width === 4) this.#bytes.writeInt32LE(value, at);
    else putLong(this.#bytes, value, at);
  }

  #putOffset(place: number): void {
    this.#putNumber(4, this.#length + 4 - place);
  }

  #putBytes(bytes: Uint8Array): void {
    const at = this.#front(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Makes room for so many bytes in front of the others; gives where they are. */
  #front(size: number): number {
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length));
      this.#bytes.copy(larger, larger.length - this.#bytes.length);
      this.#bytes = larger;
    }
    return this.#bytes.length - this.#length;
  }

  /** Lets what is put next begin, after `size` bytes of it, at a multiple of `width`. */
  #align(width: number, size: number): void {
    const over = (this.#length + size) % width;
    if (over !== 0) this.#front(width - over);
  }
}

function widthOf(slot: Slot): number {
  return slot.kind === 'offset' ? 4 : slot.width;
}
