import { FormatError, type FormatErrorCode, type Value } from '@x/formats';
import {
  BadRow,
  type Ended,
  isObject,
  type KeyedRecord,
  type KeyedRecords,
  parseJson,
} from '@x/formats/rows';

import { columnOf, geometryColumn } from '../columns.ts';
import { format, type ReadPlan } from '../options.ts';
import { splitObject } from './json-text.ts';
import { type Part, TextCursor } from './text-cursor.ts';

type Records = readonly (KeyedRecord | BadRow)[];

/** Records at a time, and characters of text that they are made of at most. */
const mostRecords = 256;
const mostText = 1024 * 1024;

const geometries = new Set([
  'Point',
  'MultiPoint',
  'LineString',
  'MultiLineString',
  'Polygon',
  'MultiPolygon',
  'GeometryCollection',
]);
/** What older files call longitude and latitude. */
const usualCrs = /^(?:urn:ogc:def:crs:)?(?:OGC:[\d.]*:?CRS84|EPSG:[\d.]*:?4326)$/i;

/** Reads the features of a collection one after the other; a document that is one feature is one row. */
export class FeatureSource implements KeyedRecords {
  readonly #cursor: TextCursor;
  readonly #plan: ReadPlan;
  /** Members of the document that are no list of features, by their names. */
  readonly #members = new Map<string, Part>();
  #hasFeatures = false;

  constructor(text: Ended<string>, plan: ReadPlan) {
    this.#cursor = new TextCursor(text, plan.maxRecordBytes);
    this.#plan = plan;
  }

  async *chunks(): AsyncGenerator<Records> {
    const cursor = this.#cursor;
    const first = await cursor.peek();
    if (first === undefined) throw cursor.truncated();
    if (first !== '{')
      throw this.#error('INVALID_JSON', 'the document is no object of JSON', 'check the file');
    cursor.take();
    for (let next = await cursor.peek(); next !== '}'; next = await cursor.peek()) {
      yield* this.#member();
      const after = await cursor.peek();
      if (after === ',') {
        cursor.take();
        if ((await cursor.peek()) === '}') throw this.#syntax('a key', '}');
      } else if (after !== '}') throw this.#syntax('a comma or a closing brace', after);
    }
    cursor.take();
    const behind = await cursor.peek();
    if (behind !== undefined) throw this.#syntax('the end of the document', behind);
    yield* this.#whole();
  }

  async close(): Promise<void> {
    await this.#cursor.close();
  }

  /** Passes a member of the document; gives the features that are in it. */
  async *#member(): AsyncGenerator<Records> {
    const cursor = this.#cursor;
    const key = (await cursor.value()).text;
    const name = parseJson(key);
    if (typeof name !== 'string') throw this.#syntax('a key in double quotes', key.slice(0, 40));
    const colon = await cursor.peek();
    if (colon !== ':') throw this.#syntax('a colon', colon);
    cursor.take();
    const isTwice = this.#members.has(name) || (name === 'features' && this.#hasFeatures);
    if (isTwice) {
      throw this.#error(
        'DUPLICATE_KEY',
        `the document has the member ${JSON.stringify(name)} twice`,
        'remove one',
      );
    }
    if (name === 'features' && (await cursor.peek()) === '[') {
      this.#hasFeatures = true;
      yield* this.#features();
      return;
    }
    const part = await cursor.value();
    if (parseJson(part.text) === undefined)
      throw this.#error('INVALID_JSON', `${name} is no JSON`, 'check the file', part);
    this.#members.set(name, part);
    if (name === 'crs') this.#checkCrs(part);
  }

  async *#features(): AsyncGenerator<Records> {
    const cursor = this.#cursor;
    cursor.take();
    let records: (KeyedRecord | BadRow)[] = [];
    let text = 0;
    if ((await cursor.peek()) !== ']') {
      for (;;) {
        const part = await cursor.value();
        const after = await cursor.peek();
        if (after === undefined) throw cursor.truncated();
        records.push(this.#recordOf(part));
        text += part.text.length;
        if (records.length >= mostRecords || text >= mostText) {
          yield records;
          records = [];
          text = 0;
        }
        if (after === ']') break;
        if (after !== ',') throw this.#syntax('a comma or a closing bracket', after);
        cursor.take();
      }
    }
    cursor.take();
    yield records;
  }

  /** Checks what the document has said that it is; gives the feature that it is, if it is one. */
  *#whole(): Generator<Records> {
    const type = parseJson(this.#members.get('type')?.text ?? '');
    if (type === 'FeatureCollection') {
      if (this.#hasFeatures) return;
      throw this.#error('NOT_A_LIST', 'the collection has no list of features', 'check the file');
    }
    if (type === 'Feature' && !this.#hasFeatures) {
      const members = Array.from(this.#members, ([key, { text }]) => `${JSON.stringify(key)}:${text}`);
      yield [this.#recordOf({ text: `{${members.join(',')}}`, line: 1 })];
      return;
    }
    const isGeometry = typeof type === 'string' && geometries.has(type);
    throw isGeometry
      ? this.#error(
          'UNSUPPORTED',
          `the document is a ${type} alone, which has no rows`,
          'put it into a Feature',
        )
      : this.#error(
          'CORRUPT',
          type === undefined
            ? 'the document has no type'
            : `the document is of the type ${JSON.stringify(type)}`,
          'GeoJSON is a FeatureCollection or a Feature; other JSON is read with from.format json',
        );
  }

  #recordOf(part: Part): KeyedRecord | BadRow {
    try {
      return this.#featureOf(part);
    } catch (error) {
      if (error instanceof FormatError) return new BadRow(error, Buffer.from(part.text));
      throw error;
    }
  }

  #featureOf(part: Part): KeyedRecord {
    const record = new Map<string, Value>();
    let type: Value;
    let hasProperties = false;
    const add = (column: string, text: string): void => {
      if (record.has(column)) {
        throw this.#error(
          'DUPLICATE_KEY',
          `a feature has ${JSON.stringify(column)} twice`,
          'remove one of them',
          part,
        );
      }
      record.set(column, this.#parsed(text, part));
    };
    for (const [key, text] of this.#split(part.text, part)) {
      if (key === 'type') {
        if (type !== undefined)
          throw this.#error('DUPLICATE_KEY', 'a feature has "type" twice', 'remove one', part);
        type = this.#parsed(text, part);
      } else if (key === 'geometry') {
        // Every feature has to have the member: where none is located, that makes no column.
        if (text !== 'null') add(geometryColumn, text);
      } else if (key === 'properties') {
        if (hasProperties)
          throw this.#error('DUPLICATE_KEY', 'a feature has "properties" twice', 'remove one', part);
        hasProperties = true;
        if (text === 'null') continue;
        for (const [name, value] of this.#split(text, part)) add(columnOf('property', name), value);
      } else add(columnOf('member', key), text);
    }
    if (type === 'Feature') return record;
    const what = `an item of the list is ${type === undefined ? 'of no type' : JSON.stringify(type)}, and no Feature`;
    throw this.#error('NOT_AN_OBJECT', what, 'the rows of GeoJSON are features', part);
  }

  /** The members of an object, by their names as they are meant. */
  #split(text: string, part: Part): [string, string][] {
    const members = splitObject(text);
    if (members === undefined) {
      const isJson = this.#parsed(text, part) !== undefined;
      throw this.#error(
        isJson ? 'NOT_AN_OBJECT' : 'INVALID_JSON',
        'a feature, or its properties, is no object',
        'the rows of GeoJSON are features',
        part,
      );
    }
    // A key begins with a quote, or it would not have been found.
    return members.map(([key, value]) => [this.#parsed(key, part) as string, value]);
  }

  #parsed(text: string, part: Part): Value {
    const value = parseJson(text);
    if (value !== undefined) return value;
    throw this.#error(
      'INVALID_JSON',
      'a feature is no JSON, or an object in it has a key twice',
      'correct it',
      part,
    );
  }

  #checkCrs(part: Part): void {
    const crs = parseJson(part.text);
    if (this.#plan.ignoresCrs || crs === null) return;
    const properties = isObject(crs) ? crs['properties'] : undefined;
    const name = isObject(properties) ? properties['name'] : undefined;
    if (typeof name === 'string' && usualCrs.test(name)) return;
    const what = `the coordinates are in ${typeof name === 'string' ? name : 'a system of their own'}, not in WGS 84`;
    throw this.#error(
      'UNSUPPORTED',
      what,
      `transform them first, or read them as they are with onOtherCrs: 'ignore'`,
      part,
    );
  }

  #syntax(wanted: string, found?: string): FormatError {
    if (found === undefined) return this.#cursor.truncated();
    return this.#error(
      'INVALID_JSON',
      `${wanted} expected, found ${JSON.stringify(found)}`,
      'correct the document',
    );
  }

  #error(code: FormatErrorCode, what: string, hint: string, part?: Part): FormatError {
    return new FormatError(code, what, { format, line: part?.line ?? this.#cursor.line, column: 1, hint });
  }
}
