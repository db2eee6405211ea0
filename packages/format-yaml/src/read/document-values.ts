import { FormatError, type FormatErrorCode, type Value } from '@x/formats';
import { isList, isObject, objectOf, parseTimestamp } from '@x/formats/rows';
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap } from 'yaml';

import { format, type ReadPlan } from '../options.ts';
import { numberOf, plainValue } from './scalar.ts';

/** Members of a mapping in their order. */
type Members = Map<string, Value>;

/** What is wrong with a node, before anybody knows in which line that is. */
export class NodeError extends FormatError {
  /** Character of the piece. */
  readonly at: number;

  constructor(code: FormatErrorCode, what: string, hint: string, node: Node | null | undefined) {
    super(code, what, { format, hint });
    this.at = node?.range?.[0] ?? 0;
  }
}

const core = 'tag:yaml.org,2002:';
const scalarTags = new Set(['null', 'bool', 'int', 'float', 'timestamp', 'binary']);
const anyTag = ['seq', 'map', 'omap', 'set', 'str'];

/** Turns the nodes of a document into values. What has an anchor is known to the pieces that follow. */
export class DocumentValues {
  readonly #plan: ReadPlan;
  /** Values by anchor, and how large each of them is; undefined while it is inside itself. */
  readonly #anchors = new Map<
    string,
    { readonly node: Node; readonly value: Value; readonly size: number } | undefined
  >();
  #size = 0;
  #aliasSize = 0;
  #depth = 0;

  constructor(plan: ReadPlan) {
    this.#plan = plan;
  }

  get anchorCount(): number {
    return this.#anchors.size;
  }

  /** The members of a row; undefined when it is none. */
  record(node: Node): Members | undefined {
    this.#aliasSize = 0;
    this.#depth = 0;
    if (isMap(node)) return this.#remembered(node, () => this.#members(node));
    if (!isAlias(node)) return undefined;
    this.#alias(node.source, node);
    const meant = this.#anchored(node.source, node);
    return isMap(meant) ? this.#members(meant) : undefined;
  }

  #remembered<T>(node: Node, make: () => T): T {
    const anchor = 'anchor' in node ? node.anchor : undefined;
    if (anchor === undefined) return make();
    const before = this.#size;
    this.#anchors.set(anchor, undefined);
    const value = make();
    const kept = value instanceof Map ? objectOf(value as Members) : (value as Value);
    this.#anchors.set(anchor, { node, value: kept, size: this.#size - before });
    return value;
  }

  #value(node: Node | null): Value {
    this.#size++;
    if (node === null) return null;
    if (isAlias(node)) return this.#alias(node.source, node);
    const { maxDepth } = this.#plan;
    if (++this.#depth > maxDepth) throw tooDeep(maxDepth, node);
    const value = this.#nodeValue(node);
    this.#depth--;
    return value;
  }

  #nodeValue(node: Exclude<Node, Alias>): Value {
    return this.#remembered(node, () => {
      if (isScalar(node)) return this.#scalar(node);
      this.#checkTag(node.tag, anyTag, node);
      if (isMap(node)) return objectOf(this.#members(node));
      if (isSeq<Node>(node)) return node.items.map((item) => this.#value(item));
      throw new NodeError('UNSUPPORTED', 'a node is of no kind that is known', 'correct the document', node);
    });
  }

  /** A shared value costs no memory here, but each of its copies does where it is written. */
  #alias(name: string, at: Node): Value {
    const found = this.#anchors.get(name);
    this.#anchored(name, at);
    this.#size += found!.size;
    this.#aliasSize += found!.size;
    const { maxAliasSize } = this.#plan;
    if (this.#aliasSize > maxAliasSize) {
      throw new NodeError(
        'LIMIT',
        `the aliases of a row stand for values of more than ${maxAliasSize} characters`,
        'raise maxAliasSize if the file is to be trusted',
        at,
      );
    }
    return found!.value;
  }

  #anchored(name: string, at: Node): Node {
    const found = this.#anchors.get(name);
    if (found !== undefined) return found.node;
    const isInside = this.#anchors.has(name);
    throw new NodeError(
      'CORRUPT',
      isInside ? `*${name} is inside of what it stands for` : `*${name} stands for nothing before it`,
      'correct the document',
      at,
    );
  }

  #members(map: YAMLMap): Members {
    this.#checkTag(map.tag, ['map', 'omap', 'set'], map);
    const members: Members = new Map();
    const merged: Node[] = [];
    for (const { key, value } of map.items as readonly { key: Node; value: Node | null }[]) {
      if (isScalar(key) && key.source === '<<' && key.type === 'PLAIN' && value !== null) {
        merged.push(value);
        continue;
      }
      const name = this.#key(key);
      if (members.has(name)) {
        const what = `the key ${JSON.stringify(name)} is there twice`;
        throw new NodeError('DUPLICATE_KEY', what, 'take one of them away', key);
      }
      members.set(name, this.#value(value));
    }
    for (const from of merged) this.#merge(from, members);
    return members;
  }

  /** The merge key of YAML 1.1, `<<`: what the mapping has itself goes first. */
  #merge(from: Node, members: Members): void {
    const value = this.#value(from);
    for (const one of isList(value) ? value : [value]) {
      if (!isObject(one)) {
        const what = '<< takes a mapping, or a list of them';
        throw new NodeError('CORRUPT', what, 'put it into quotes where it is a key', from);
      }
      for (const [name, member] of Object.entries(one)) if (!members.has(name)) members.set(name, member);
    }
  }

  #key(key: Node | null): string {
    const node = isAlias(key) ? this.#anchored(key.source, key) : key;
    if (isScalar(node)) return this.#remembered(node, () => this.#text(node));
    throw new NodeError(
      'UNSUPPORTED',
      'a key is a list or a mapping',
      'a column needs a name: make it text',
      key,
    );
  }

  #scalar(node: Scalar): Value {
    const text = this.#text(node);
    if (node.tag === undefined) return node.type === Scalar.PLAIN ? plainValue(text) : text;
    const name = node.tag.startsWith(core) ? node.tag.slice(core.length) : '';
    const found = tagged(name, text);
    if (found !== undefined) return found;
    if (node.tag === '!' || name === 'str') return text;
    this.#checkTag(node.tag, [], node, text);
    return node.type === Scalar.PLAIN ? plainValue(text) : text;
  }

  #text(node: Scalar): string {
    // Its value may have been made of a tag; what that is we decide ourselves.
    const text = node.source ?? '';
    this.#size += text.length;
    return text;
  }

  #checkTag(tag: string | undefined, known: readonly string[], node: Node, text?: string): void {
    if (tag === undefined || tag === '!' || known.includes(tag.replace(core, ''))) return;
    if (text !== undefined && scalarTags.has(tag.replace(core, ''))) {
      const what = `${JSON.stringify(text.slice(0, 60))} is no !!${tag.slice(core.length)}`;
      throw new NodeError('CORRUPT', what, 'correct the value, or take its tag away', node);
    }
    if (this.#plan.ignoresUnknownTags) return;
    const what = `what ${tag} makes of a value is not known`;
    throw new NodeError('UNSUPPORTED', what, `read the values as they are with unknownTags: 'ignore'`, node);
  }
}

/** The value of a scalar that says what it is, or undefined when it is none. */
function tagged(name: string, text: string): Value {
  switch (name) {
    case 'null':
      return plainValue(text) === null ? null : undefined;
    case 'bool': {
      const value = plainValue(text);
      return typeof value === 'boolean' ? value : undefined;
    }
    case 'int': {
      const value = numberOf(text);
      return typeof value === 'bigint' || Number.isSafeInteger(value) ? value : undefined;
    }
    case 'float':
      return numberOf(text);
    case 'timestamp':
      return timestampOf(text);
    case 'binary':
      return /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(text)
        ? Uint8Array.from(Buffer.from(text, 'base64'))
        : undefined;
    default:
      return undefined;
  }
}

/** A moment, as YAML 1.1 spells it; without a zone it is UTC. */
function timestampOf(text: string): Date | undefined {
  const match = /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?)(:\d\d:\d\d(?:\.\d+)?)[ \t]*(.*))?$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour = '0', rest = ':00', zone = ''] = match;
  const offset = zone.replace(/^(?<sign>[-+])(?<hour>\d)(?!\d)/, '$<sign>0$<hour>');
  return parseTimestamp(`${year}-${two(month)}-${two(day)}T${two(hour)}${rest}${offset}`);
}

const two = (digits: string): string => digits.padStart(2, '0');

function tooDeep(maxDepth: number, node: Node): NodeError {
  const what = `lists and mappings are inside each other more than ${maxDepth} times`;
  return new NodeError('LIMIT', what, 'raise maxDepth', node);
}
