import { type ColumnData, type DataType, FormatError } from '@x/formats';
import { bytesOf, sliceOf, unscaledValue } from '@x/formats/columns';

import { format } from '../errors.ts';
import { GrowingBits, GrowingBuffer } from './growing-buffer.ts';
import { type ArrayEncoder, Validated } from './validated.ts';

export class Fixed extends Validated implements ArrayEncoder {
  readonly #values = new GrowingBuffer();
  readonly #width: number;
  readonly #take: (data: ColumnData, from: number, to: number) => ArrayBufferView;

  constructor(width: number, take: (data: ColumnData, from: number, to: number) => ArrayBufferView) {
    super();
    this.#width = width;
    this.#take = take;
  }

  get size(): number {
    return this.#values.length;
  }

  append(data: ColumnData, from: number, to: number): void {
    this.addValidity(data, from, to);
    const at = this.#values.length;
    this.#values.add(this.#take(data, from, to));
    if (data.kind !== 'values' && data.validity !== undefined) this.#clearNulls(data.validity, from, to, at);
  }

  collect(nodes: (readonly number[])[], buffers: Uint8Array[]): void {
    this.node(nodes, buffers);
    buffers.push(this.#values.bytes);
  }

  clear(): void {
    this.validity.clear();
    this.#values.clear();
  }

  /** What is behind a null is nobody's business, and the same rows are to give the same bytes. */
  #clearNulls(validity: Uint8Array, from: number, to: number, at: number): void {
    const { bytes } = this.#values;
    for (let i = from; i < to; i++) {
      if ((validity[i >> 3]! >> (i & 7)) & 1) continue;
      const start = at + (i - from) * this.#width;
      bytes.fill(0, start, start + this.#width);
    }
  }
}

export class Booleans extends Validated implements ArrayEncoder {
  readonly #values = new GrowingBits();

  get size(): number {
    return this.#values.bytes.length;
  }

  append(data: ColumnData, from: number, to: number): void {
    if (data.kind !== 'boolean') throw new TypeError(`${data.kind} are no booleans`);
    this.addValidity(data, from, to);
    const { values, validity } = data;
    this.#values.addBytes(
      values
        .subarray(from, to)
        .map((value, i) =>
          validity === undefined || (validity[(from + i) >> 3]! >> ((from + i) & 7)) & 1 ? value : 0,
        ),
    );
  }

  collect(nodes: (readonly number[])[], buffers: Uint8Array[]): void {
    this.node(nodes, buffers);
    buffers.push(this.#values.bytes);
  }

  clear(): void {
    this.validity.clear();
    this.#values.clear();
  }
}

/** Decimals as integers of 128 or 256 bits. */
export class Decimals extends Validated implements ArrayEncoder {
  readonly #values = new GrowingBuffer();
  readonly #words: number;
  readonly #scale: number;

  constructor({ precision = 38, scale = 0 }: DataType & { kind: 'decimal' }) {
    super();
    this.#words = precision > 38 ? 4 : 2;
    this.#scale = scale;
  }

  get size(): number {
    return this.#values.length;
  }

  append(data: ColumnData, from: number, to: number): void {
    this.addValidity(data, from, to);
    const words = new BigInt64Array((to - from) * this.#words);
    for (let i = from; i < to; i++) {
      let unscaled = this.#unscaledAt(data, i);
      for (let k = 0; k < this.#words; k++) {
        words[(i - from) * this.#words + k] = BigInt.asIntN(64, unscaled);
        unscaled >>= 64n;
      }
    }
    this.#values.add(words);
  }

  collect(nodes: (readonly number[])[], buffers: Uint8Array[]): void {
    this.node(nodes, buffers);
    buffers.push(this.#values.bytes);
  }

  clear(): void {
    this.validity.clear();
    this.#values.clear();
  }

  #unscaledAt(data: ColumnData, i: number): bigint {
    if (data.kind === 'values') return unscaledValue(data.values[i], this.#scale) ?? 0n;
    if (data.kind !== 'int64' && data.kind !== 'int32') throw new TypeError(`${data.kind} are no decimals`);
    const isThere = data.validity === undefined || (data.validity[i >> 3]! >> (i & 7)) & 1;
    return isThere ? BigInt(data.values[i]!) : 0n;
  }
}

/** Texts and binary values. */
export class Bytes extends Validated implements ArrayEncoder {
  readonly #offsets = new GrowingBuffer();
  readonly #bytes = new GrowingBuffer();
  readonly #path: string;

  constructor(path: string) {
    super();
    this.#path = path;
  }

  get size(): number {
    return this.#bytes.length + this.#offsets.length;
  }

  append(data: ColumnData, from: number, to: number): void {
    this.addValidity(data, from, to);
    const { offsets, bytes } = bytesOf(sliceOf(data, from, to));
    const count = to - from;
    const [start, end] = [offsets[0]!, offsets[count]!];
    const shift = this.#bytes.length - start;
    if (end + shift > 0x7fff_ffff) {
      throw new FormatError('LIMIT', 'a record batch has more than 2 GiB of text in a column', {
        format,
        field: this.#path,
        hint: 'write fewer rows a batch with recordBatchSize',
      });
    }
    this.#bytes.add(bytes.subarray(start, end));
    if (this.#offsets.length === 0) this.#offsets.words(1)[0] = 0;
    const own = this.#offsets.words(count);
    for (let i = 0; i < count; i++) own[i] = offsets[i + 1]! + shift;
  }

  collect(nodes: (readonly number[])[], buffers: Uint8Array[]): void {
    this.node(nodes, buffers);
    buffers.push(this.#offsets.length === 0 ? new Uint8Array(4) : this.#offsets.bytes, this.#bytes.bytes);
  }

  clear(): void {
    this.validity.clear();
    this.#offsets.clear();
    this.#bytes.clear();
  }
}
