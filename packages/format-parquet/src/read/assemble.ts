import type { Value } from '@x/formats';
import { setMember, valuesOf } from '@x/formats/columns';

import { corrupt } from '../errors.ts';
import { isTextMap, leafType } from '../schema/data-type.ts';
import { type Leaf, leavesOf, type Node } from '../schema/tree.ts';
import type { Entries } from './column-cursor.ts';

/** Puts the entries of leaves together to lists and objects again. */
export class Assembler {
  readonly #node: Node;
  readonly #leaves: Map<Leaf, LeafReader>;

  constructor(node: Node, entries: ReadonlyMap<Leaf, Entries>) {
    this.#node = node;
    this.#leaves = new Map(leavesOf(node).map((leaf) => [leaf, new LeafReader(leaf, entries.get(leaf)!)]));
  }

  /** @throws {FormatError} CORRUPT where the leaves do not agree. */
  values(rows: number): Value[] {
    const values: Value[] = [];
    for (let row = 0; row < rows; row++) values.push(this.#value(this.#node));
    for (const [leaf, reader] of this.#leaves) {
      if (!reader.isAtEnd) throw corrupt(`the column ${leaf.path} has more values than the ones beside it`);
    }
    return values;
  }

  #value(node: Node): Value {
    if (node.kind === 'leaf') return this.#leaves.get(node)!.next();
    const first = this.#first(node);
    if (node.isNullable && first.definition < node.definition) return this.#skip(node, null);
    if (node.kind === 'struct') {
      const object: Record<string, Value> = {};
      for (const field of node.fields) setMember(object, field.name, this.#value(field));
      return object;
    }
    const { items } = node;
    if (first.definition < items.definition)
      return this.#skip(node, node.kind === 'map' && isTextMap(node) ? {} : []);
    const list: Value[] = [];
    const object: Record<string, Value> = {};
    const isObject = node.kind === 'map' && isTextMap(node);
    do {
      if (node.kind === 'list') list.push(this.#value(node.item));
      else {
        const key = this.#value(node.key);
        const value = this.#value(node.value);
        if (!isObject || typeof key !== 'string') list.push({ key, value });
        else if (Object.hasOwn(object, key)) {
          throw corrupt(`a map in ${node.name} has the key ${JSON.stringify(key)} twice`);
        } else setMember(object, key, value);
      }
    } while (first.repetition === items.repetition);
    return isObject ? object : list;
  }

  /** Passes the one entry that each leaf has for what is not there. */
  #skip(node: Node, value: Value): Value {
    for (const leaf of leavesOf(node)) this.#leaves.get(leaf)!.skip();
    return value;
  }

  #first(node: Node): LeafReader {
    let inner = node;
    for (;;) {
      if (inner.kind === 'leaf') return this.#leaves.get(inner)!;
      if (inner.kind === 'struct') {
        const [first] = inner.fields;
        if (first === undefined) throw corrupt(`the group ${inner.name} has no columns`);
        inner = first;
      } else inner = inner.kind === 'list' ? inner.item : inner.key;
    }
  }
}

class LeafReader {
  readonly #leaf: Leaf;
  readonly #entries: Entries;
  readonly #valueAt: (index: number) => Value;
  #at = 0;
  #value = 0;

  constructor(leaf: Leaf, entries: Entries) {
    this.#leaf = leaf;
    this.#entries = entries;
    this.#valueAt = valuesOf(entries.data, leafType(leaf));
  }

  get isAtEnd(): boolean {
    return this.#at === this.#entries.count;
  }

  /** Of the next entry. */
  get definition(): number {
    if (this.#at >= this.#entries.count) this.#ended();
    return this.#entries.definitions?.[this.#at] ?? 0;
  }

  /** Of the next entry; 0 at the end. */
  get repetition(): number {
    return this.#entries.repetitions?.[this.#at] ?? 0;
  }

  next(): Value {
    const isPresent = this.definition === this.#leaf.definition;
    this.#at++;
    return isPresent ? this.#valueAt(this.#value++) : null;
  }

  skip(): void {
    if (this.definition === this.#leaf.definition) this.#value++;
    this.#at++;
  }

  #ended(): never {
    throw corrupt(`the column ${this.#leaf.path} has fewer values than the ones beside it`);
  }
}
