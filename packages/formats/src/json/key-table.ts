import type { Column } from '../contract.ts';
import type { Arena } from '../kernel/arena.ts';

/** What the kernel may read of a key at least. */
const leastKeyBytes = 32;

/** The keys of an object in an arena, for the kernel to write: `,"name":"` and the cell of each. */
export class KeyTable {
  readonly at: number;
  readonly width: number;
  readonly #arena: Arena;
  readonly #columns: readonly Column[];
  readonly #order: readonly number[];

  private constructor(at: number, arena: Arena, columns: readonly Column[], order: readonly number[]) {
    this.at = at;
    this.width = columns.length;
    this.#arena = arena;
    this.#columns = columns;
    this.#order = order;
  }

  static async create(arena: Arena, columns: readonly Column[], order: readonly number[]): Promise<KeyTable> {
    const keys = columns.map(({ name }) => Buffer.from(`,${JSON.stringify(name)}:"`));
    const at = await arena.allocate(columns.length * 12);
    let keyAt = await arena.allocate(keys.reduce((size, key) => size + key.length, leastKeyBytes));
    for (const [i, key] of keys.entries()) {
      arena.bytes.set(key, keyAt);
      const word = (at >>> 2) + i * 3;
      arena.words[word] = keyAt;
      arena.words[word + 1] = key.length;
      arena.words[word + 2] = order[i]!;
      keyAt += key.length;
    }
    return new KeyTable(at, arena, columns, order);
  }

  fits(arena: Arena, columns: readonly Column[], order: readonly number[]): boolean {
    return arena === this.#arena && columns === this.#columns && order === this.#order;
  }
}
