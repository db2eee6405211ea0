import { type Column, FormatError, type Value } from '@x/formats';
import {
  type ByteWriter,
  type CellPlace,
  checkText,
  isObject,
  jsonOf,
  parseJson,
  type RecordEncoder,
} from '@x/formats/rows';

import { placeOf } from '../columns.ts';
import { format } from '../options.ts';

/** Members of a feature that are not the columns' to name. */
const reserved = new Set(['type', 'geometry', 'properties']);

/** Writes rows as the features of a collection, one a line. */
export class FeatureEncoder implements RecordEncoder {
  #count = 0;

  begin(out: ByteWriter): void {
    out.text('{"type":"FeatureCollection","features":[');
  }

  record(out: ByteWriter, columns: readonly Column[], values: readonly Value[], row: number): void {
    let members = '';
    let properties = '';
    let geometry = 'null';
    for (let i = 0; i < columns.length; i++) {
      const value = values[i];
      if (value === undefined) continue;
      const { name, type } = columns[i]!;
      const place: CellPlace = { format, row, field: name, type };
      const target = placeOf(name);
      if (target.kind === 'geometry') geometry = geometryOf(value, place);
      else if (target.kind === 'member') members += memberOf(target.name, value, place);
      else {
        checkText(target.name, () => place);
        properties += `${properties === '' ? '' : ','}${JSON.stringify(target.name)}:${textOf(value, place)}`;
      }
    }
    out.text(
      `${this.#count === 0 ? '' : ','}\n{"type":"Feature"${members},"properties":{${properties}},"geometry":${geometry}}`,
    );
    this.#count++;
  }

  end(out: ByteWriter, records: number): void {
    out.text(records === 0 ? ']}\n' : '\n]}\n');
  }
}

function memberOf(name: string, value: Value, place: CellPlace): string {
  if (reserved.has(name)) {
    throw refusal(
      `a feature has a member ${name} of its own`,
      `rename the column: @@@${name} is a property`,
      place,
    );
  }
  if (value === null) return '';
  // RFC 7946, 3.2: a text or a number.
  const isId = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  if (name === 'id' && !isId)
    throw refusal('the id of a feature is a text or a number', 'rename the column', place);
  checkText(name, () => place);
  return `,${JSON.stringify(name)}:${textOf(value, place)}`;
}

/** A geometry, or the JSON of one as flat formats have it. */
function geometryOf(value: Value, place: CellPlace): string {
  if (value === null) return 'null';
  const geometry = typeof value === 'string' ? parseJson(value) : value;
  if (geometry === null) return 'null';
  const type = isObject(geometry) ? geometry['type'] : undefined;
  if (isObject(geometry) && typeof type === 'string') return textOf(geometry, place);
  throw refusal(
    'this is no geometry',
    'it takes an object with a type and coordinates, or its JSON; other text, such as WKT, is not turned into one',
    place,
  );
}

function textOf(value: Value, place: CellPlace): string {
  checkTexts(value, place);
  return jsonOf(value, place);
}

/** Half of a surrogate pair would be written as an escape that other readers refuse. */
function checkTexts(value: Value, place: CellPlace): void {
  if (typeof value === 'string') checkText(value, () => place);
  else if (Array.isArray(value)) for (const item of value as readonly Value[]) checkTexts(item, place);
  else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) {
      checkText(key, () => place);
      checkTexts(member, place);
    }
  }
}

function refusal(what: string, hint: string, { row, field }: CellPlace): FormatError {
  return new FormatError('UNREPRESENTABLE', what, { format, row, field, hint });
}
