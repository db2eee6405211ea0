import { corrupt, tooLarge } from '../errors.ts';
import { unpackBuffer } from '../codec/codecs.ts';
import type { BatchHeader } from '../metadata/read-message.ts';
import type { ArrowType, Field } from '../schema/arrow-type.ts';
import type { ArrowArray, Dictionary } from './array.ts';
import type { Body } from './message-input.ts';

/** A batch without bytes may have so many rows: more are a mistake, or an attack. */
const mostEmptyRows = 2 ** 24;

/** What the arrays of a record batch are taken from. */
export interface BatchSource {
  readonly header: BatchHeader;
  readonly body: Body;
  readonly dictionaries: ReadonlyMap<string, Dictionary>;
  /** Bytes that the buffers may have, once decompressed. */
  readonly maxBytes: number;
}

/**
 * The arrays of a record batch, undefined for those that are not wanted: their buffers are not looked at.
 *
 * @throws {FormatError} CORRUPT, LIMIT
 */
export async function loadArrays(
  fields: readonly Field[],
  isWanted: (index: number) => boolean,
  source: BatchSource,
): Promise<(ArrowArray | undefined)[]> {
  const { rows } = source.header;
  if (rows > 0x7fff_ffff) throw corrupt(`a record batch has ${rows} rows`);
  if (source.body.length === 0 && rows > mostEmptyRows) {
    throw tooLarge(`a record batch says that it has ${rows} rows, and has no bytes`);
  }
  const loader = new Loader(source);
  const arrays: (ArrowArray | undefined)[] = [];
  for (const [i, field] of fields.entries()) {
    if (!isWanted(i)) {
      loader.skip(field);
      arrays.push(undefined);
      continue;
    }
    const array = await loader.load(field);
    if (array.length !== rows) {
      throw corrupt(`the column ${JSON.stringify(field.name)} has ${array.length} values for ${rows} rows`, {
        field: field.name,
      });
    }
    arrays.push(array);
  }
  return arrays;
}

/** Goes through the nodes and buffers of a batch in the order of the fields. */
class Loader {
  readonly #source: BatchSource;
  #node = 0;
  #buffer = 0;
  #views = 0;
  #left: number;

  constructor(source: BatchSource) {
    this.#source = source;
    this.#left = source.maxBytes;
  }

  async load(field: Field): Promise<ArrowArray> {
    const { lengths, nullCounts } = this.#source.header;
    const length = lengths[this.#node];
    const nullCount = nullCounts[this.#node];
    if (length === undefined || nullCount === undefined) throw corrupt('a record batch has too few arrays');
    if (length > 0x7fff_ffff) throw corrupt(`the array ${JSON.stringify(field.name)} has ${length} values`);
    this.#node++;
    const { hasValidity, sizes, isDictionary } = this.#layoutOf(field, length);
    let validity: Uint8Array | undefined;
    if (hasValidity) {
      const bits = await this.#bytes();
      // Where there is no null, it may be left out.
      if (nullCount > 0) {
        if (bits.length * 8 < length) throw this.#tooShort(field);
        validity = bits;
      }
    }
    const buffers: Uint8Array[] = [];
    for (const size of sizes) {
      const bytes = await this.#bytes();
      if (bytes.length < size) throw this.#tooShort(field);
      buffers.push(bytes);
    }
    if (isDictionary) {
      const { id } = field.dictionary!;
      const dictionary = this.#source.dictionaries.get(id);
      if (dictionary === undefined) {
        throw corrupt(`the dictionary of ${JSON.stringify(field.name)} is not there before the rows`, {
          field: field.name,
        });
      }
      return { field, length, validity, buffers, children: [], dictionary };
    }
    const children: ArrowArray[] = [];
    for (const child of field.children) children.push(await this.load(child));
    return { field, length, validity, buffers, children, dictionary: undefined };
  }

  skip(field: Field): void {
    this.#node++;
    const { hasValidity, sizes, isDictionary } = this.#layoutOf(field, 0);
    this.#buffer += Number(hasValidity) + sizes.length;
    if (!isDictionary) for (const child of field.children) this.skip(child);
  }

  /** Which buffers an array of so many values has, and how many bytes each has at least. */
  #layoutOf(field: Field, length: number) {
    const isDictionary = field.dictionary !== undefined;
    const type: ArrowType = field.dictionary?.index ?? field.type;
    const { isOld } = this.#source.header;
    const hasValidity = type.kind === 'union' ? isOld : type.kind !== 'null' && type.kind !== 'runs';
    return { hasValidity, sizes: this.#sizesOf(type, length), isDictionary };
  }

  #sizesOf(type: ArrowType, length: number): number[] {
    // Without values, there need not be an offset either.
    const offsets = (width: number): number => (length === 0 ? 0 : ((length + 1) * width) / 8);
    switch (type.kind) {
      case 'bytes':
        if (type.width !== 'view') return [offsets(type.width), 0];
        return [length * 16, ...Array.from({ length: this.#viewBuffers() }, () => 0)];
      case 'list':
        if (type.isView) return [(length * type.width) / 8, (length * type.width) / 8];
        return [offsets(type.width)];
      case 'map':
        return [offsets(32)];
      case 'union':
        return type.isDense ? [length, length * 4] : [length];
      case 'null':
      case 'runs':
      case 'struct':
      case 'fixed list':
        return [];
      default:
        return [Math.ceil((length * bitsOf(type)) / 8)];
    }
  }

  #viewBuffers(): number {
    const count = this.#source.header.viewBuffers[this.#views++];
    if (count === undefined) throw corrupt('a record batch does not say how many buffers its views have');
    if (count > this.#source.header.buffers.length) throw corrupt(`views have ${count} buffers`);
    return count;
  }

  async #bytes(): Promise<Uint8Array> {
    const { header, body } = this.#source;
    const place = header.buffers[this.#buffer++];
    if (place === undefined) throw corrupt('a record batch has too few buffers');
    const [at = 0, length = 0] = place;
    if (length === 0) return new Uint8Array(0);
    if (at + length > body.length) throw corrupt('a buffer is outside of its record batch');
    const bytes = await body.range(at, length);
    if (header.compression === undefined) return bytes;
    const unpacked = unpackBuffer(bytes, header.compression, this.#left);
    this.#left -= unpacked.length;
    return unpacked;
  }

  #tooShort(field: Field) {
    return corrupt(`a buffer of the column ${JSON.stringify(field.name)} is too short`, {
      field: field.name,
    });
  }
}

function bitsOf(
  type: Exclude<
    ArrowType,
    { kind: 'bytes' | 'list' | 'map' | 'union' | 'null' | 'runs' | 'struct' | 'fixed list' }
  >,
): number {
  switch (type.kind) {
    case 'bool':
      return 1;
    case 'int':
    case 'float':
    case 'decimal':
      return type.bits;
    case 'fixed bytes':
      return type.size * 8;
    case 'date':
      return type.unit === 'day' ? 32 : 64;
    case 'time':
      return type.unit === 's' || type.unit === 'ms' ? 32 : 64;
    case 'timestamp':
    case 'duration':
      return 64;
    case 'interval':
      return { months: 32, days: 64, all: 128 }[type.unit];
  }
}
