import type { Column } from '../contract.ts';
import type { Arena } from '../kernel/arena.ts';

const backslash = 92;
const colon = Buffer.from(':');

/** What the kernel may read of a key at least. */
const leastKeyBytes = 32;

/** The columns of JSON records, and in an arena how their keys are spelled. */
export class ColumnTable {
  readonly #arena: Arena;
  readonly #numbers = new Map<string, number>();
  readonly #spellings: Buffer[] = [];
  #columns: Column[] = [];
  /** Place of an offset and a length for each key. */
  keysAt = 0;
  isSettled = true;
  #isPlain = true;
  /** Keys that the table has room for, and has. */
  #room = 0;
  #placed = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** All of them, in the order in which their keys were seen first. The array changes when they do. */
  get columns(): readonly Column[] {
    return this.#columns;
  }

  get count(): number {
    return this.#columns.length;
  }

  numberOf(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  /**
   * Adds a column where there is none of that name, with its key as the source spells it. It has to be
   * settled before it is used.
   */
  add(name: string, key: Uint8Array): void {
    if (this.#numbers.has(name)) return;
    this.#numbers.set(name, this.#numbers.size);
    this.#spellings.push(Buffer.concat([key, colon]));
    this.#isPlain &&= !key.includes(backslash);
    if (this.isSettled) this.#columns = [...this.#columns];
    this.#columns.push({ name, type: { kind: 'any' } });
    this.isSettled = false;
  }

  /** Whether every key is spelled without escapes: a key that the kernel does not find is no column then. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** The key of a column as the source spells it. */
  keyOf(column: number): Uint8Array {
    return this.#spellings[column]!.subarray(0, -1);
  }

  /** Puts the keys that are new where the kernel finds them. */
  async settle(): Promise<void> {
    if (this.isSettled) return;
    const keys = this.#spellings.slice(this.#placed);
    if (this.count > this.#room) {
      this.#room = Math.max(this.count, this.#room * 2);
      const at = await this.#arena.allocate(this.#room * 8);
      this.#arena.bytes.copyWithin(at, this.keysAt, this.keysAt + this.#placed * 8);
      this.keysAt = at;
    }
    let keyAt = await this.#arena.allocate(keys.reduce((size, key) => size + key.length, leastKeyBytes));
    const { bytes, words } = this.#arena;
    for (const [i, key] of keys.entries()) {
      const word = (this.keysAt >>> 2) + (this.#placed + i) * 2;
      bytes.set(key, keyAt);
      words[word] = keyAt;
      words[word + 1] = key.length;
      keyAt += key.length;
    }
    this.#placed = this.count;
    this.isSettled = true;
  }
}
