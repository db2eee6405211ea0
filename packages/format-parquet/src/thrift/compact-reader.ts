import { corrupt } from '../errors.ts';

/** A value of the compact protocol; integers beyond 2^53, which nothing here can have, are not exact. */
export type ThriftValue = boolean | number | Uint8Array | ThriftValue[] | ThriftStruct;

/** The fields of a struct by their ids. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

const maxDepth = 64;

/**
 * Reads structs of Thrift's compact protocol:
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export class CompactReader {
  readonly #bytes: Uint8Array;
  /** Of the first byte in the file, for errors. */
  readonly #offset: number;
  /** Of the next byte. */
  at = 0;

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  /** Whether what was read goes on behind the bytes. */
  get isCut(): boolean {
    return this.at > this.#bytes.length;
  }

  /** @throws {FormatError} CORRUPT, also where the bytes end too early. */
  struct(depth = 0): ThriftStruct {
    const fields = new Map<number, ThriftValue>();
    if (depth > maxDepth) throw this.#error('structs are nested too deep');
    for (let id = 0; ;) {
      const header = this.#byte();
      const type = header & 15;
      if (type === 0) return fields;
      id = header >> 4 === 0 ? this.#int32() : id + (header >> 4);
      fields.set(id, type <= 2 ? type === 1 : this.#value(type, depth));
    }
  }

  #value(type: number, depth: number): ThriftValue {
    switch (type) {
      case 1:
      case 2:
        // In a list a boolean is a byte.
        return this.#byte() === 1;
      case 3:
        return (this.#byte() << 24) >> 24;
      case 4:
      case 5:
        return this.#int32();
      case 6:
        return unzigzag(this.#varint());
      case 7: {
        const bytes = this.#take(8);
        return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
      }
      case 8:
        return this.#take(this.#length());
      case 9:
      case 10: {
        const header = this.#byte();
        const size = header >> 4 === 15 ? this.#length() : header >> 4;
        const items: ThriftValue[] = [];
        if (size > this.#bytes.length - this.at) throw this.#error('a list is longer than what is left');
        for (let i = 0; i < size; i++) items.push(this.#value(header & 15, depth + 1));
        return items;
      }
      case 12:
        return this.struct(depth + 1);
      default:
        throw this.#error(`there is no Thrift type ${type}`);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw this.#error('metadata end too early');
    return byte;
  }

  #take(length: number): Uint8Array {
    const start = this.at;
    this.at += length;
    if (this.at > this.#bytes.length) throw this.#error('metadata end too early');
    return this.#bytes.subarray(start, this.at);
  }

  #int32(): number {
    return unzigzag(this.#varint()) | 0;
  }

  #length(): number {
    const length = this.#varint();
    if (length > 0x7fff_ffff) throw this.#error(`a length of ${length} bytes`);
    return length;
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw this.#error('a number has too many bytes');
  }

  #error(what: string) {
    return corrupt(what, { byteOffset: this.#offset + Math.min(this.at, this.#bytes.length) });
  }
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
