import { type Column, Decimal, type Value } from '@x/formats';
import {
  type ByteWriter,
  type CellPlace,
  checkText,
  isList,
  isObject,
  membersOf,
  numberText,
  placeOfItem,
  placeOfMember,
  type RecordEncoder,
  textOf,
} from '@x/formats/rows';

import { format, type WritePlan } from '../options.ts';

/**
 * Writes rows in block style. Texts are in double quotes wherever a reader of YAML 1.1 or 1.2 could take them
 * for something else.
 */
export class YamlEncoder implements RecordEncoder {
  readonly #isList: boolean;

  constructor({ layout }: WritePlan) {
    this.#isList = layout === 'list';
  }

  begin(): void {
    // A list has nothing in front of it.
  }

  record(out: ByteWriter, columns: readonly Column[], values: readonly Value[], row: number): void {
    const members: string[] = [];
    for (let i = 0; i < columns.length; i++) {
      const { name, type } = columns[i]!;
      const value = values[i];
      if (value !== undefined)
        members.push(member(name, value, this.#isList ? 1 : 0, { format, row, field: name, type }));
    }
    const text = members.length === 0 ? '{}' : members.join(this.#isList ? '\n  ' : '\n');
    out.text(this.#isList ? `- ${text}\n` : `---\n${text}\n`);
  }

  end(out: ByteWriter, records: number): void {
    if (records === 0 && this.#isList) out.text('[]\n');
  }
}

/** A key of a mapping at that depth, with its value. */
function member(key: string, value: Value, depth: number, place: CellPlace): string {
  const name = spelled(key, place);
  // A longer one has to be announced (YAML 1.2.2, 7.4.2).
  const head = name.length > 1000 ? `? ${name}\n${'  '.repeat(depth)}:` : `${name}:`;
  const block = blockOf(value, depth, place);
  return block === undefined ? `${head} ${leaf(value, place)}` : `${head}\n${block}`;
}

/** The lines of a value that has lines of its own. */
function blockOf(value: Value, depth: number, place: CellPlace): string | undefined {
  if (!isList(value) && !isObject(value)) return undefined;
  const indent = '  '.repeat(depth + 1);
  const lines = isList(value)
    ? value.map((item) => `${indent}- ${itemOf(item, depth + 1, placeOfItem(place))}`)
    : membersOf(value).map(
        ([key, one]) => `${indent}${member(key, one, depth + 1, placeOfMember(place, key))}`,
      );
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** An item, whose first line stands behind its dash. */
function itemOf(item: Value, depth: number, place: CellPlace): string {
  const block = blockOf(item, depth, place);
  return block === undefined ? leaf(item, place) : block.slice((depth + 1) * 2);
}

function leaf(value: Value, place: CellPlace): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return spelled(value, place);
  if (typeof value === 'number') return numberOf(value);
  if (typeof value !== 'object') return String(value);
  if (Decimal.is(value)) return floatOf(value.text);
  if (value instanceof Uint8Array) return `!!binary "${Buffer.from(value).toString('base64')}"`;
  if (value instanceof Date) return textOf(value, place);
  return isList(value) ? '[]' : '{}';
}

function numberOf(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  return floatOf(numberText(value));
}

/** With a point and a sign where there is an exponent, without which it is text in YAML 1.1. */
function floatOf(text: string): string {
  const [mantissa = '', exponent] = text.toLowerCase().split('e');
  if (exponent === undefined) return text;
  const point = mantissa.includes('.') ? '' : '.0';
  return `${mantissa}${point}e${/^[-+]/.test(exponent) ? '' : '+'}${exponent}`;
}

/** Texts that are something else in YAML 1.1 or 1.2, in any case. */
const words = new Set(['null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n']);

function spelled(text: string, place: CellPlace): string {
  checkText(text, () => place);
  const isPlain = /^[\p{L}_][\p{L}\p{Nd}_ ./()+-]*$/u.test(text) && !text.endsWith(' ') && text.length < 1000;
  if (isPlain && !words.has(text.toLowerCase())) return text;
  return JSON.stringify(text).replaceAll(
    // What JSON leaves as it is and YAML does not print, or takes for the end of a line.
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
