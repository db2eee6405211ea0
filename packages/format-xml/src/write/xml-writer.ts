import {
  type Batch,
  type ByteSink,
  type DataType,
  Decimal,
  FormatError,
  type Value,
  type Writer,
} from '@x/formats';
import { ByteWriter, type CellPlace, checkText, textOf } from '@x/formats/rows';

import { checkName, encodedName } from '../names.ts';
import { format, type WritePlan } from '../options.ts';

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** How a column is written. */
interface Target {
  /** As an attribute of the record, as its text, or as an element. */
  readonly as: 'attribute' | 'text' | 'element';
  readonly name: string;
  readonly field: string;
  readonly type: DataType;
}

/** Writes rows as elements: null as `xsi:nil`, lists as elements of one name, `@name` as attributes, `#text` as text. */
export class XmlWriter implements Writer {
  readonly #sink: ByteSink;
  readonly #plan: WritePlan;
  readonly #out = new ByteWriter();
  readonly #names = new Map<string, string>();
  #hasBegun = false;

  constructor(sink: ByteSink, plan: WritePlan) {
    this.#sink = sink;
    this.#plan = plan;
  }

  async write(batch: Batch): Promise<void> {
    this.#begin();
    const { onBadRow } = this.#plan;
    const targets = batch.schema.columns.map(({ name, type }) => this.#targetOf(name, type));
    let row = batch.firstRow;
    for (const values of batch.rows()) {
      row++;
      try {
        this.#out.text(this.#record(values, targets, row));
      } catch (error) {
        if (onBadRow === undefined || !(error instanceof FormatError)) throw error;
        onBadRow(error, row, values);
      }
      await this.#out.drain(this.#sink);
    }
  }

  async finish(): Promise<void> {
    this.#begin();
    this.#out.text(`</${this.#plan.root}>\n`);
    await this.#out.drain(this.#sink, true);
  }

  #begin(): void {
    if (!this.#hasBegun) this.#out.text(`${declaration}<${this.#plan.root} ${xsi}>\n`);
    this.#hasBegun = true;
  }

  #targetOf(field: string, type: DataType): Target {
    if (field === '#text') return { as: 'text', name: '', field, type };
    if (field.startsWith('@'))
      return { as: 'attribute', name: this.#nameOf(field.slice(1), field), field, type };
    return { as: 'element', name: this.#nameOf(field, field), field, type };
  }

  #record(values: readonly Value[], targets: readonly Target[], row: number): string {
    const { record } = this.#plan;
    let attributes = '';
    let content = '';
    for (let i = 0; i < targets.length; i++) {
      const { as, name, field, type } = targets[i]!;
      const value = values[i];
      const place = { format, row, field, type };
      if (as === 'element') content += this.#element(name, value, place);
      else if (value === undefined || value === null) continue;
      else if (as === 'text') content += escaped(textOf(value, place), place);
      else attributes += ` ${name}="${quoted(textOf(value, place), place)}"`;
    }
    return content === ''
      ? `<${record}${attributes}/>\n`
      : `<${record}${attributes}>${content}</${record}>\n`;
  }

  #element(name: string, value: Value, place: CellPlace): string {
    if (value === undefined) return '';
    if (value === null) return `<${name} xsi:nil="true"/>`;
    // In a column of JSON all of it is the text of the JSON.
    if (place.type?.kind === 'json' || !isNested(value)) return this.#leaf(name, textOf(value, place), place);
    if (!isList(value)) return this.#object(name, value, place);
    let items = '';
    for (const item of value) {
      if (typeof item === 'object' && item !== null && isList(item)) {
        throw new FormatError('UNREPRESENTABLE', 'a list directly in a list has no element', {
          ...place,
          hint: 'read the column as json with types, which is then written as its text',
        });
      }
      items += this.#element(
        name,
        item ?? null,
        inner(place, place.type?.kind === 'list' ? place.type.item : undefined),
      );
    }
    return items;
  }

  #object(name: string, value: { readonly [key: string]: Value }, place: CellPlace): string {
    let attributes = '';
    let content = '';
    for (const [key, member] of Object.entries(value)) {
      const own = inner(place, memberType(place.type, key));
      if (key === '#text' && typeof member === 'string') content += escaped(member, own);
      else if (key.startsWith('@') && member !== null && member !== undefined && !isNested(member)) {
        attributes += ` ${this.#nameOf(key.slice(1), place.field)}="${quoted(textOf(member, own), own)}"`;
      } else content += this.#element(this.#nameOf(key, place.field), member, own);
    }
    return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
  }

  #leaf(name: string, text: string, place: CellPlace): string {
    return text === '' ? `<${name}/>` : `<${name}>${escaped(text, place)}</${name}>`;
  }

  #nameOf(text: string, field: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (!checkName(text) && (!this.#plan.encodesNames || text === '')) {
      throw new FormatError('UNREPRESENTABLE', `${JSON.stringify(text)} is no name in XML`, {
        format,
        field,
        hint: `rename it, or choose names: 'encode'`,
      });
    }
    const name = this.#plan.encodesNames ? encodedName(text) : text;
    this.#names.set(text, name);
    return name;
  }
}

function escaped(text: string, place: CellPlace): string {
  checkText(text, () => place);
  // oxlint-disable-next-line no-control-regex -- these are what it is about
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/.exec(text);
  if (control !== null) {
    const code = text.charCodeAt(control.index).toString(16).padStart(4, '0');
    throw new FormatError('UNREPRESENTABLE', `XML has no character U+${code.toUpperCase()}`, {
      ...place,
      hint: 'take such characters out of the text, or read the column as binary',
    });
  }
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#xD;');
}

/** For an attribute, where tabs and line breaks would become spaces. */
function quoted(text: string, place: CellPlace): string {
  return escaped(text, place).replaceAll('"', '&quot;').replaceAll('\t', '&#x9;').replaceAll('\n', '&#xA;');
}

function inner({ row, field }: CellPlace, type: DataType | undefined): CellPlace {
  return { format, row, field, ...(type !== undefined && { type }) };
}

function memberType(type: DataType | undefined, key: string): DataType | undefined {
  if (type?.kind === 'map') return type.value;
  return type?.kind === 'struct' ? type.fields.find(({ name }) => name === key)?.type : undefined;
}

type Nested = readonly Value[] | { readonly [key: string]: Value };

function isNested(value: Exclude<Value, null | undefined>): value is Nested {
  return (
    typeof value === 'object' && !(value instanceof Date || value instanceof Uint8Array || Decimal.is(value))
  );
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}
