import { type ByteSource, type Column, FormatError, type Value } from '@x/formats';
import { ByteReader, type RowChunk, type RowSource } from '@x/formats/rows';

import { codecNamed, type CodecName, unpack } from '../codec/codecs.ts';
import { corrupt, format } from '../errors.ts';
import type { AvroType } from '../schema/avro-type.ts';
import { columnsOf } from '../schema/column-type.ts';
import { parseSchema } from '../schema/parse-schema.ts';
import { Cursor } from './cursor.ts';
import { type Decode, Decoders } from './decoder.ts';
import { skipOf } from './skip.ts';

const magic = Buffer.from('Obj\u0001', 'latin1');
const syncBytes = 16;
/** Rows made at once, so that a large block is not all objects at a time. */
const rowsAChunk = 1024;

/** Reads an object container file, one block at a time. */
export class ContainerSource implements RowSource {
  readonly #bytes: ByteReader;
  readonly #maxBlockBytes: number;
  #type: AvroType = { kind: 'null' };
  #codec: CodecName = 'uncompressed';
  #sync: Uint8Array = new Uint8Array(0);
  #columns: readonly Column[] = [];
  #row = 0;

  constructor(bytes: ByteSource, maxBlockBytes: number) {
    this.#bytes = new ByteReader(bytes, format);
    this.#maxBlockBytes = maxBlockBytes;
  }

  async open(): Promise<readonly Column[]> {
    const start = await this.#bytes.bytes(magic.length);
    if (!start.equals(magic))
      throw corrupt('the file does not begin as an Avro file does', { byteOffset: 0 });
    const metadata = await this.#metadata();
    const schema = metadata.get('avro.schema');
    if (schema === undefined) throw corrupt('the header has no schema');
    this.#codec = codecNamed(metadata.get('avro.codec') ?? 'null');
    this.#type = parseSchema(schema);
    this.#sync = await this.#bytes.bytes(syncBytes);
    this.#columns = columnsOf(this.#type);
    return this.#columns;
  }

  async *chunks(wanted: readonly number[]): AsyncGenerator<RowChunk> {
    const fields = this.#fieldsOf(new Set(wanted));
    while (!(await this.#bytes.isAtEnd())) {
      const byteOffset = this.#bytes.position;
      const count = await this.#length();
      const length = this.#limited(await this.#length());
      const packed = await this.#bytes.bytes(length);
      const sync = await this.#bytes.bytes(syncBytes);
      if (!sync.equals(this.#sync))
        throw corrupt('a block does not end with the marker of the file', { byteOffset });
      const cursor = new Cursor(await this.#unpacked(packed, byteOffset));
      for (let done = 0; done < count;) {
        const end = Math.min(count, done + rowsAChunk);
        const rows: Value[][] = [];
        for (; done < end; done++) rows.push(this.#rowOf(cursor, fields, byteOffset));
        yield { rows };
      }
      if (cursor.left > 0) throw corrupt('a block has bytes after its last row', { byteOffset });
    }
  }

  close(): Promise<void> {
    return this.#bytes.close();
  }

  #fieldsOf(wanted: ReadonlySet<number>): Decode[] {
    const decoders = new Decoders();
    const types = this.#type.kind === 'record' ? this.#type.fields.map(({ type }) => type) : [this.#type];
    return types.map((type, i) => {
      const skip = wanted.has(i) ? undefined : skipOf(type);
      return skip ?? decoders.of(type);
    });
  }

  #rowOf(cursor: Cursor, fields: readonly Decode[], byteOffset: number): Value[] {
    const values: Value[] = [];
    const { at } = cursor;
    this.#row++;
    for (let i = 0; i < fields.length; i++) {
      try {
        values.push(fields[i]!(cursor));
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        const { code, problem, hint } = error;
        throw new FormatError(code, problem, {
          format,
          row: this.#row,
          field: this.#columns[i]!.name,
          byteOffset,
          ...(hint !== undefined && { hint }),
        });
      }
    }
    if (cursor.at === at && cursor.free-- <= 0)
      throw corrupt('a block has more rows than bytes', { byteOffset });
    return values;
  }

  async #unpacked(packed: Buffer, byteOffset: number): Promise<Buffer> {
    try {
      return await unpack(this.#codec, packed, this.#maxBlockBytes);
    } catch (error) {
      if (!(error instanceof FormatError) || error.byteOffset !== undefined) throw error;
      const { code, problem, hint, cause } = error;
      throw new FormatError(code, problem, {
        format,
        byteOffset,
        cause,
        ...(hint !== undefined && { hint }),
      });
    }
  }

  /** Texts by their names, as the header has them. */
  async #metadata(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (let count = await this.#long(); count !== 0; count = await this.#long()) {
      if (count < 0) await this.#length();
      for (let left = Math.abs(count); left > 0; left--) {
        const key = await this.#bytes.bytes(this.#limited(await this.#length()));
        const value = await this.#bytes.bytes(this.#limited(await this.#length()));
        found.set(key.toString(), value.toString());
      }
    }
    return found;
  }

  async #long(): Promise<number> {
    const bytes: number[] = [];
    do bytes.push(await this.#bytes.byte());
    while (bytes.at(-1)! >= 0x80 && bytes.length < 10);
    const value = new Cursor(Buffer.from(bytes)).long();
    if (typeof value === 'number') return value;
    throw corrupt('a length is absurd', { byteOffset: this.#bytes.position });
  }

  async #length(): Promise<number> {
    const value = await this.#long();
    if (value >= 0) return value;
    throw corrupt('a length is negative', { byteOffset: this.#bytes.position });
  }

  #limited(length: number): number {
    if (length <= this.#maxBlockBytes) return length;
    throw new FormatError('LIMIT', `a block has ${length} bytes`, {
      format,
      byteOffset: this.#bytes.position,
      hint: 'raise maxBlockBytes if the file is to be trusted',
    });
  }
}
