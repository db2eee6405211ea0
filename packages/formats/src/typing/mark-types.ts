import type { DataType } from '../contract.ts';
import type { Arena } from '../kernel/arena.ts';
import { Hint, Kind, kindMask } from '../kernel/cell.ts';
import type { CellIndex } from '../kernel/cell-index.ts';
import { Report } from '../kernel/simd.ts';
import { significantLength } from '../value/decimal.ts';

/** What a column's cells have to be, as the kernel knows it. assembly/types.ts has the same. */
export const TypeCode = { any: 0, boolean: 1, integer: 2, float64: 3, decimal: 4, text: 5 } as const;

/** Types that the kernel does not know are looked at by whoever knows them. */
export function codeOf({ kind }: DataType): number {
  if (kind === 'string') return TypeCode.text;
  return kind === 'boolean' || kind === 'integer' || kind === 'float64' || kind === 'decimal'
    ? TypeCode[kind]
    : TypeCode.any;
}

/** Types of columns and texts of null, in an arena. */
export interface TypeTable {
  /** Place of the codes, a byte a column. */
  readonly typesAt: number;
  /** Cells a row. */
  readonly columns: number;
  /** Place of the nulls: a word for the place and a word for the length of each. */
  readonly nullsAt: number;
  readonly nullCount: number;
}

/**
 * Marks the cells of typed columns as what they are, from cell `from` to `to`: an unquoted text that is
 * among the nulls as null, text that is a number, true or false as a literal; in a column of text,
 * literals and nested values as text. Gives the first cell that is not of its column's type, or `to`.
 */
export function markTypes(
  arena: Arena,
  index: CellIndex,
  table: TypeTable,
  from: number,
  to: number,
): number {
  const { typesAt, columns, nullsAt, nullCount } = table;
  const { kernel } = arena;
  if (kernel === undefined) return markByOne(arena, index, table, from, to);
  const { pairsAt, kindsAt } = index;
  for (let cell = from; ;) {
    kernel.markTypes(pairsAt, kindsAt, cell, to, typesAt, columns, nullsAt, nullCount);
    const end = arena.words[Report.end]!;
    // The kernel leaves the largest and the smallest doubles, which takes arithmetic to tell.
    if (end === to || markByOne(arena, index, table, end, end + 1) === end) return end;
    cell = end + 1;
  }
}

/** The reference for what the kernel does. */
function markByOne(arena: Arena, index: CellIndex, table: TypeTable, from: number, to: number): number {
  const { bytes, words } = arena;
  const nulls = new Set<string>();
  for (let i = 0; i < table.nullCount; i++) {
    const word = (table.nullsAt >>> 2) + i * 2;
    nulls.add(bytes.toString('latin1', words[word], words[word]! + words[word + 1]!));
  }
  for (let cell = from; cell < to; cell++) {
    const code = bytes[table.typesAt + (cell % table.columns)]!;
    const kind = bytes[index.kindsAt + cell]!;
    const base = kind & kindMask;
    const word = (index.pairsAt >>> 2) + cell * 2;
    const spelling = () => bytes.toString('latin1', words[word], words[word + 1]);
    let marked = kind;
    if (base === Kind.text && (kind & Hint.quoted) === 0 && nulls.has(spelling())) marked = Kind.null;
    else if (code === TypeCode.text) {
      if (base === Kind.literal) marked = Kind.text;
      if (base === Kind.nested) marked = Kind.text | Hint.special;
    } else if (code !== TypeCode.any && base !== Kind.null && base !== Kind.missing) {
      if (base !== Kind.text && base !== Kind.literal) return cell;
      if (!isOfType(code, spelling())) return cell;
      marked = Kind.literal;
    }
    bytes[index.kindsAt + cell] = marked;
  }
  return to;
}

function isOfType(code: number, text: string): boolean {
  if (code === TypeCode.boolean) return text === 'true' || text === 'false';
  if (code === TypeCode.integer) {
    return /^(?:0|-?[1-9]\d{0,18})$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
  }
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) return false;
  return code === TypeCode.decimal || isDouble(text);
}

/** Whether a number has no more digits than a double can have, and a size that a double can have. */
function isDouble(text: string): boolean {
  const [mantissa = ''] = text.replace('-', '').toLowerCase().split('e');
  const significant = significantLength(mantissa.replace('.', '').replace(/^0+/, ''));
  if (significant === 0) return true;
  const number = Number(text);
  return significant <= 17 && Number.isFinite(number) && number !== 0;
}
