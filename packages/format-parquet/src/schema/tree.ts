import { corrupt } from '../errors.ts';
import type { PhysicalType } from '../metadata/enums.ts';
import type { SchemaElement } from '../metadata/file-metadata.ts';
import type { LogicalType } from '../metadata/logical-type.ts';

/** A column that holds values. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly name: string;
  /** Names from the top, with dots between. */
  readonly path: string;
  /** Its number among the leaves, which is that of its chunk in a row group. */
  readonly column: number;
  readonly physical: PhysicalType;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY. */
  readonly length: number;
  readonly logical: LogicalType | undefined;
  readonly isNullable: boolean;
  /** The definition level at which there is a value, and the greatest repetition level. */
  readonly definition: number;
  readonly repetition: number;
}

/** Something that is made of leaves. */
export type Branch =
  | { readonly kind: 'struct'; readonly fields: readonly Node[] }
  | { readonly kind: 'list'; readonly item: Node; readonly items: Levels }
  | { readonly kind: 'map'; readonly key: Node; readonly value: Node; readonly items: Levels };

/** The levels from which on there are items. */
export interface Levels {
  readonly definition: number;
  readonly repetition: number;
}

export type Node =
  | Leaf
  | (Branch & {
      readonly name: string;
      readonly isNullable: boolean;
      /** The definition level from which on it is not null. */
      readonly definition: number;
    });

const mostLevels = 255;

/**
 * The columns of a schema. Lists and maps are told as the format's rules say, the ones for older writers included:
 * https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#nested-types
 */
export function schemaTree(elements: readonly SchemaElement[]): Node[] {
  return new TreeBuilder(elements).columns();
}

/** The leaves under a node, in their order. */
export function leavesOf(node: Node): Leaf[] {
  switch (node.kind) {
    case 'leaf':
      return [node];
    case 'struct':
      return node.fields.flatMap(leavesOf);
    case 'list':
      return leavesOf(node.item);
    case 'map':
      return [...leavesOf(node.key), ...leavesOf(node.value)];
  }
}

interface Parsed {
  readonly element: SchemaElement;
  readonly children: readonly Parsed[];
}

interface Place extends Levels {
  readonly path: string;
}

class TreeBuilder {
  readonly #elements: readonly SchemaElement[];
  #next = 0;
  #leaves = 0;

  constructor(elements: readonly SchemaElement[]) {
    this.#elements = elements;
  }

  columns(): Node[] {
    const root = this.#parse(0);
    if (this.#next !== this.#elements.length) throw corrupt('the schema has elements that belong to nothing');
    return root.children.map((child) => this.#field(child, { definition: 0, repetition: 0, path: '' }));
  }

  #parse(depth: number): Parsed {
    const element = this.#elements[this.#next++];
    if (element === undefined) throw corrupt('the schema ends too early');
    if (depth > 100) throw corrupt('the schema is nested too deep');
    if (element.children < 0 || element.children > this.#elements.length) {
      throw corrupt(`a group has ${element.children} children`);
    }
    const children: Parsed[] = [];
    for (let i = 0; i < element.children; i++) children.push(this.#parse(depth + 1));
    return { element, children };
  }

  /** A field as it stands. */
  #field(parsed: Parsed, parent: Place): Node {
    const { repetition, name } = parsed.element;
    const place = { ...parent, path: parent.path === '' ? name : `${parent.path}.${name}` };
    if (repetition !== 'repeated') return this.#value(parsed, place, repetition === 'optional');
    // A repeated field of its own is a list that is never null.
    const items = this.#inside(place, 1);
    const item = this.#value(parsed, { ...items, path: place.path }, false);
    return { kind: 'list', name, isNullable: false, definition: parent.definition, item, items };
  }

  #inside(place: Levels, repetitions: number): Levels {
    const definition = place.definition + 1;
    if (definition > mostLevels) throw corrupt('the schema is nested too deep');
    return { definition, repetition: place.repetition + repetitions };
  }

  /** What a field is, apart from being repeated. */
  #value(parsed: Parsed, place: Place, isNullable: boolean): Node {
    const { element, children } = parsed;
    const { name, type, logical } = element;
    const own = isNullable ? { ...this.#inside(place, 0), path: place.path } : place;
    if (type !== undefined) {
      if (children.length > 0) throw corrupt(`the column ${place.path} has both a type and children`);
      const { typeLength: length } = element;
      if (type === 'FIXED_LEN_BYTE_ARRAY' && length < 0) throw corrupt(`a length of ${length}`);
      const { definition, repetition, path } = own;
      const column = this.#leaves++;
      const leaf = {
        name,
        path,
        column,
        physical: type,
        length,
        logical,
        isNullable,
        definition,
        repetition,
      };
      return { kind: 'leaf', ...leaf };
    }
    const base = { name, isNullable, definition: own.definition };
    const [only] = children;
    const isRepeated = children.length === 1 && only?.element.repetition === 'repeated';
    if (logical?.kind === 'list' && isRepeated) {
      const items = this.#inside(own, 1);
      return { kind: 'list', ...base, items, item: this.#item(only, name, { ...items, path: own.path }) };
    }
    if (logical?.kind === 'map' && isRepeated && only.children.length === 1) {
      // Without values its keys are a set.
      const items = this.#inside(own, 1);
      const path = `${own.path}.${only.element.name}`;
      return { kind: 'list', ...base, items, item: this.#field(only.children[0]!, { ...items, path }) };
    }
    if (logical?.kind === 'map' && isRepeated && only.children.length === 2) {
      const items = this.#inside(own, 1);
      const path = `${own.path}.${only.element.name}`;
      const [key, value] = only.children.map((child) => this.#field(child, { ...items, path }));
      return { kind: 'map', ...base, items, key: key!, value: value! };
    }
    return { kind: 'struct', ...base, fields: children.map((child) => this.#field(child, own)) };
  }

  /** The item of a list: the repeated field itself, or the one inside it. */
  #item(repeated: Parsed, listName: string, place: Place): Node {
    const { name } = repeated.element;
    const [only] = repeated.children;
    const inner = { ...place, path: `${place.path}.${name}` };
    const isItself =
      repeated.children.length !== 1 ||
      name === 'array' ||
      name === `${listName}_tuple` ||
      only!.element.repetition === 'repeated';
    return isItself ? this.#value(repeated, inner, false) : this.#field(only!, inner);
  }
}
