import type { Value } from '@x/formats';
import { objectOf, type KeyedRecord } from '@x/formats/rows';
import type { AST } from 'toml-eslint-parser';

import { namesOf, tooDeep } from './pieces.ts';
import { scalarOf } from './scalar.ts';

/** A table as it grows: members in their order. */
export type Table = Map<string, Slot>;

/** What a name stands for: a table, a list of what else may stand here, or the leaf of a value. */
export type Slot = Table | Slot[] | Leaf;

class Leaf {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** All of a document, or of a part behind so many lines. What contradicts itself has been refused by the parser. */
export function tableOf(program: AST.TOMLProgram, linesBefore: number, maxDepth: number): Table {
  const root: Table = new Map();
  const builder = new Builder(linesBefore, maxDepth);
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') builder.add(root, node, 0);
    else {
      const table = builder.tableAt(root, node);
      for (const member of node.body) builder.add(table, member, node.resolvedKey.length);
    }
  }
  return root;
}

class Builder {
  readonly #linesBefore: number;
  readonly #maxDepth: number;

  constructor(linesBefore: number, maxDepth: number) {
    this.#linesBefore = linesBefore;
    this.#maxDepth = maxDepth;
  }

  /** The table of a header, and those that it is in. */
  tableAt(root: Table, node: AST.TOMLTable): Table {
    const path = node.resolvedKey;
    this.#checkDepth(path.length, node);
    let slot: Slot = root;
    for (const [i, name] of path.entries()) {
      const make = (): Slot => (typeof path[i + 1] === 'number' ? [] : new Map());
      if (typeof name === 'number') {
        const list = slot as Slot[];
        slot = list[name] ??= make();
      } else {
        const table = slot as Table;
        if (!table.has(name)) table.set(name, make());
        slot = table.get(name)!;
      }
    }
    return slot as Table;
  }

  add(to: Table, { key, value }: AST.TOMLKeyValue, depth: number): void {
    const names = namesOf(key);
    const last = names.pop()!;
    let table = to;
    for (const name of names) {
      if (!table.has(name)) table.set(name, new Map());
      table = table.get(name) as Table;
    }
    table.set(last, this.#slotOf(value, depth + names.length + 1));
  }

  #slotOf(node: AST.TOMLContentNode, depth: number): Slot {
    this.#checkDepth(depth, node);
    if (node.type === 'TOMLValue') return new Leaf(scalarOf(node, this.#linesBefore));
    if (node.type === 'TOMLArray') return node.elements.map((item) => this.#slotOf(item, depth + 1));
    const table: Table = new Map();
    for (const member of node.body) this.add(table, member, depth);
    return table;
  }

  #checkDepth(depth: number, { loc }: AST.TOMLNode): void {
    if (depth <= this.#maxDepth) return;
    throw tooDeep(this.#maxDepth, this.#linesBefore + loc.start.line, loc.start.column + 1);
  }
}

export function isTables(slot: Slot | undefined): slot is Table[] {
  return Array.isArray(slot) && slot.length > 0 && slot.every((item) => item instanceof Map);
}

export function recordOf(table: Table): KeyedRecord {
  return new Map([...table].map(([name, slot]) => [name, valueOf(slot)]));
}

function valueOf(slot: Slot): Value {
  if (slot instanceof Leaf) return slot.value;
  if (Array.isArray(slot)) return slot.map(valueOf);
  return objectOf([...slot].map(([name, member]) => [name, valueOf(member)] as const));
}
