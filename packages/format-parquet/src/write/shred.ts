import type { Value } from '@x/formats';
import { type ColumnBuilder, columnBuilder } from '@x/formats/columns';

import { type Leaf, leavesOf, type Node } from '../schema/tree.ts';
import type { EntryLevels } from './column-encoder.ts';
import type { WriteLeaf } from './write-schema.ts';

interface ShreddedLeaf {
  readonly definitions: number[];
  readonly repetitions: number[];
  readonly values: Value[];
}

/** What a leaf has of some rows. */
export interface Shredded extends EntryLevels {
  readonly builder: ColumnBuilder;
  readonly count: number;
}

/** Takes lists and objects, of the node's type, apart into the entries of its leaves. */
export function shred(
  node: Node,
  values: readonly Value[],
  leaves: ReadonlyMap<Leaf, WriteLeaf>,
): Map<Leaf, Shredded> {
  const shredder = new Shredder(node);
  for (const value of values) shredder.put(node, value, 0, 0);
  return new Map(
    [...shredder.leaves].map(([leaf, { definitions, repetitions, values: present }]) => {
      const builder = columnBuilder(leaves.get(leaf)!.type, present.length);
      for (const value of present) {
        // The type has been held against the values before.
        if (!builder.add(value)) throw new TypeError(`${leaf.path} has a value that is not of its type`);
      }
      const levels = { definitions: Uint8Array.from(definitions), repetitions: Uint8Array.from(repetitions) };
      return [leaf, { ...levels, builder, count: present.length }];
    }),
  );
}

class Shredder {
  readonly leaves: Map<Leaf, ShreddedLeaf>;

  constructor(node: Node) {
    this.leaves = new Map(
      leavesOf(node).map((leaf) => [leaf, { definitions: [], repetitions: [], values: [] }]),
    );
  }

  /** `definition`: how far what is around it is there. */
  put(node: Node, value: Value, repetition: number, definition: number): void {
    if (value === null || value === undefined) {
      this.#putNothing(node, repetition, definition);
    } else if (node.kind === 'leaf') {
      const { definitions, repetitions, values } = this.leaves.get(node)!;
      definitions.push(node.definition);
      repetitions.push(repetition);
      values.push(value);
    } else if (node.kind === 'struct') {
      const object = value as { readonly [key: string]: Value };
      for (const field of node.fields) {
        const member = Object.hasOwn(object, field.name) ? object[field.name] : null;
        this.put(field, member, repetition, node.definition);
      }
    } else {
      const { items } = node;
      const members = node.kind === 'list' ? (value as readonly Value[]) : Object.entries(value);
      if (members.length === 0) this.#putNothing(node, repetition, node.definition);
      for (const [i, member] of members.entries()) {
        const level = i === 0 ? repetition : items.repetition;
        if (node.kind === 'list') this.put(node.item, member as Value, level, items.definition);
        else {
          const [key, one] = member as [string, Value];
          this.put(node.key, key, level, items.definition);
          this.put(node.value, one, level, items.definition);
        }
      }
    }
  }

  #putNothing(node: Node, repetition: number, definition: number): void {
    for (const leaf of leavesOf(node)) {
      const { definitions, repetitions } = this.leaves.get(leaf)!;
      definitions.push(definition);
      repetitions.push(repetition);
    }
  }
}
