// Reads the JSON that the Arrow project keeps beside the files of its integration tests, so that what a file should
// hold is known from another source than the reader under test.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

import { Timestamp, type Value } from '@x/formats';
import { decimalText, numberValue, parseJson } from '@x/formats/rows';

interface GoldType {
  readonly name: string;
  readonly unit?: string;
  readonly precision?: number | string;
  readonly scale?: number;
  readonly isSigned?: boolean;
  readonly bitWidth?: number;
  readonly listSize?: number;
  readonly mode?: string;
  readonly typeIds?: readonly number[];
}

interface GoldField {
  readonly name: string;
  readonly type: GoldType;
  readonly children: readonly GoldField[];
  readonly dictionary?: { readonly id: number };
  readonly metadata?: readonly { readonly key: string; readonly value: string }[];
}

interface GoldColumn {
  readonly count: number;
  readonly VALIDITY?: readonly number[];
  readonly DATA?: readonly unknown[];
  readonly OFFSET?: readonly (number | string)[];
  readonly SIZE?: readonly (number | string)[];
  readonly TYPE_ID?: readonly number[];
  readonly VIEWS?: readonly {
    readonly SIZE: number;
    readonly INLINED?: string;
    readonly BUFFER_INDEX?: number;
    readonly OFFSET?: number;
  }[];
  readonly VARIADIC_DATA_BUFFERS?: readonly string[];
  readonly children?: readonly GoldColumn[];
}

interface Gold {
  readonly schema: { readonly fields: readonly GoldField[] };
  readonly batches: readonly { readonly count: number; readonly columns: readonly GoldColumn[] }[];
  readonly dictionaries?: readonly {
    readonly id: number;
    readonly data: { readonly columns: readonly GoldColumn[] };
  }[];
}

type Dictionaries = ReadonlyMap<number, GoldColumn>;

/** The names of the columns, and all the rows. */
export async function goldRows(path: URL): Promise<{ names: string[]; rows: Value[][] }> {
  const text = gunzipSync(await readFile(path)).toString();
  const gold = parseJson(text) as unknown as Gold;
  const dictionaries = new Map(gold.dictionaries?.map(({ id, data }) => [id, data.columns[0]!]));
  const { fields } = gold.schema;
  const rows = gold.batches.flatMap(({ count, columns }) =>
    Array.from({ length: count }, (_, row) =>
      fields.map((field, i) => valueOf(field, columns[i]!, row, dictionaries)),
    ),
  );
  return { names: fields.map(({ name }) => name), rows };
}

function valueOf(field: GoldField, column: GoldColumn, i: number, dictionaries: Dictionaries): Value {
  const { type, children } = field;
  if (type.name === 'null') return null;
  if (column.VALIDITY?.[i] === 0 && type.name !== 'union') return null;
  if (field.dictionary !== undefined) {
    const plain = { ...field, dictionary: undefined } as unknown as GoldField;
    return valueOf(plain, dictionaries.get(field.dictionary.id)!, Number(column.DATA![i]), dictionaries);
  }
  const inner = (child: number, at: number): Value =>
    valueOf(children[child]!, column.children![child]!, at, dictionaries);
  const items = (start: number, end: number): Value[] =>
    Array.from({ length: end - start }, (_, k) => inner(0, start + k));
  switch (type.name) {
    case 'list':
    case 'largelist':
      return items(Number(column.OFFSET![i]), Number(column.OFFSET![i + 1]));
    case 'listview':
    case 'largelistview':
      return items(Number(column.OFFSET![i]), Number(column.OFFSET![i]) + Number(column.SIZE![i]));
    case 'fixedsizelist':
      return items(i * type.listSize!, (i + 1) * type.listSize!);
    case 'struct':
      return Object.fromEntries(children.map(({ name }, child) => [name, inner(child, i)]));
    case 'map': {
      const entries = items(Number(column.OFFSET![i]), Number(column.OFFSET![i + 1])) as Record<
        string,
        Value
      >[];
      const [key, value] = children[0]!.children.map(({ name }) => name);
      if (children[0]!.children[0]!.type.name !== 'utf8') {
        return entries.map((entry) => ({ key: entry[key!]!, value: entry[value!]! }));
      }
      return Object.fromEntries(entries.map((entry) => [entry[key!], entry[value!]])) as Record<
        string,
        Value
      >;
    }
    case 'union': {
      const child = type.typeIds!.indexOf(Number(column.TYPE_ID![i]));
      return inner(child, type.mode === 'DENSE' ? Number(column.OFFSET![i]) : i);
    }
    case 'runendencoded': {
      const [ends] = column.children!;
      return inner(
        1,
        ends!.DATA!.findIndex((end) => Number(end) > i),
      );
    }
    case 'utf8view':
    case 'binaryview':
      return viewOf(type, column, i);
    default:
      return plainValue(field, column.DATA![i]);
  }
}

function viewOf(type: GoldType, column: GoldColumn, i: number): Value {
  const view = column.VIEWS![i]!;
  if (view.SIZE <= 12) return type.name === 'utf8view' ? view.INLINED! : Buffer.from(view.INLINED!, 'hex');
  const buffer = Buffer.from(column.VARIADIC_DATA_BUFFERS![view.BUFFER_INDEX!]!, 'hex');
  const bytes = buffer.subarray(view.OFFSET, view.OFFSET! + view.SIZE);
  return type.name === 'utf8view' ? bytes.toString() : bytes;
}

function plainValue({ type, metadata }: GoldField, data: unknown): Value {
  switch (type.name) {
    case 'bool':
      return Boolean(data);
    case 'int':
      return BigInt(data as string);
    case 'floatingpoint':
      return type.precision === 'DOUBLE' ? Number(data) : Math.fround(Number(data));
    case 'decimal':
      return numberValue(decimalText(BigInt(data as string), type.scale!));
    case 'utf8':
    case 'largeutf8':
      return data as string;
    case 'binary':
    case 'largebinary':
    case 'fixedsizebinary': {
      const isUuid = metadata?.some(({ value }) => value === 'arrow.uuid') ?? false;
      const hex = (data as string).toLowerCase();
      return isUuid ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : Buffer.from(hex, 'hex');
    }
    case 'date':
      return new Date(Number(data) * (type.unit === 'DAY' ? 86_400_000 : 1));
    case 'timestamp':
      return moment(BigInt(data as string), type.unit!);
    case 'time':
      return timeOfDay(BigInt(data as string), type.unit!);
    case 'duration':
      return `PT${seconds(BigInt(data as string), type.unit!)}S`;
    case 'interval':
      return interval(type.unit!, data);
    default:
      throw new Error(`the gold file has ${type.name}`);
  }
}

const digits: Readonly<Record<string, number>> = { SECOND: 0, MILLISECOND: 3, MICROSECOND: 6, NANOSECOND: 9 };

function moment(units: bigint, unit: string): Date {
  const nanoseconds = units * 10n ** BigInt(9 - digits[unit]!);
  const rest = ((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const milliseconds = Number((nanoseconds - rest) / 1_000_000n);
  return rest === 0n ? new Date(milliseconds) : new Timestamp(milliseconds, Number(rest));
}

function timeOfDay(units: bigint, unit: string): string {
  const [whole = '', fraction = ''] = seconds(units, unit).split('.');
  const second = Number(whole);
  const parts = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60];
  const text = parts.map((part) => String(part).padStart(2, '0')).join(':');
  if (fraction === '') return text;
  return `${text}.${fraction.padEnd(Math.ceil(fraction.length / 3) * 3, '0')}`;
}

function seconds(units: bigint, unit: string): string {
  const text = String(units < 0n ? -units : units).padStart(digits[unit]! + 1, '0');
  const cut = text.length - digits[unit]!;
  const fraction = text.slice(cut).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${text.slice(0, cut)}${fraction === '' ? '' : `.${fraction}`}`;
}

function interval(unit: string, data: unknown): string {
  if (unit === 'YEAR_MONTH') return `P${Number(data)}M`;
  const { months, days, milliseconds, nanoseconds } = data as Record<string, number | bigint>;
  if (unit === 'DAY_TIME') return `P${days}DT${seconds(BigInt(milliseconds!), 'MILLISECOND')}S`;
  return `P${months}M${days}DT${seconds(BigInt(nanoseconds!), 'NANOSECOND')}S`;
}
