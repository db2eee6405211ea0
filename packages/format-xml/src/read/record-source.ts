import { type ByteSource, FormatError, type FormatErrorCode, type Value } from '@x/formats';
import { type Ended, type KeyedRecord, type KeyedRecords, setMember } from '@x/formats/rows';
import { SaxesParser, type SaxesTagNS } from 'saxes';

import { decodedName } from '../names.ts';
import { format, type ReadPlan } from '../options.ts';
import { documentText } from './document-text.ts';
import { Element } from './element.ts';

const xmlns = 'http://www.w3.org/2000/xmlns/';
const xsi = 'http://www.w3.org/2001/XMLSchema-instance';

/** Reads the records of a document as they come. Entities of a document are not expanded; they are errors. */
export class RecordSource implements KeyedRecords {
  readonly #text: Ended<string>;
  readonly #plan: ReadPlan;
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  #records: KeyedRecord[] = [];
  #depth = 0;
  /** Elements from the record to the innermost one. */
  #open: Element[] = [];
  /** The name of the records, once it is known. */
  #record: string | undefined;
  #isEnding = false;
  /** Where the last record has ended. */
  #passed = { position: 0, line: 1, column: 0 };

  constructor(bytes: ByteSource, plan: ReadPlan) {
    this.#text = documentText(bytes);
    this.#plan = plan;
    this.#record = plan.record;
    const parser = this.#parser;
    parser.on('error', ({ message }) => {
      throw this.#error(
        this.#isEnding ? 'TRUNCATED' : 'CORRUPT',
        message.replace(/^\d+:\d+: /, '').replace(/\.$/, ''),
      );
    });
    parser.on('opentag', (tag) => this.#opened(tag));
    parser.on('text', (text) => this.#addText(text));
    parser.on('cdata', (text) => this.#addText(text));
    parser.on('closetag', () => this.#closed());
  }

  async *chunks(): AsyncGenerator<readonly KeyedRecord[]> {
    for await (const text of this.#text) {
      yield* this.#recordsOf(() => this.#parser.write(text));
      this.#checkLength();
    }
    this.#isEnding = true;
    yield* this.#recordsOf(() => this.#parser.close());
  }

  async close(): Promise<void> {
    await this.#text.return();
  }

  /** What a step finds, also where it fails in the end. */
  *#recordsOf(step: () => void): Generator<readonly KeyedRecord[]> {
    try {
      step();
    } finally {
      const records = this.#records;
      this.#records = [];
      if (records.length > 0) yield records;
    }
  }

  #opened(tag: SaxesTagNS): void {
    const { maxDepth, lists, record } = this.#plan;
    if (++this.#depth > maxDepth)
      throw this.#error(
        'LIMIT',
        `elements are inside each other more than ${maxDepth} times`,
        'raise maxDepth',
      );
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      if (record === undefined ? this.#depth !== 2 : tag.name !== record) return;
      this.#record ??= tag.name;
      if (tag.name !== this.#record) {
        throw this.#error(
          'NOT_A_LIST',
          `the root has elements of several names, ${this.#record} and ${tag.name}`,
          'say with record which elements are rows',
        );
      }
    } else parent.hasChildren = true;
    const element = new Element(this.#nameOf(tag), lists);
    for (const attribute of Object.values(tag.attributes)) {
      const { uri, local, value } = attribute;
      if (uri === xmlns) continue;
      if (uri === xsi && local === 'nil' && (value === 'true' || value === '1')) element.isNil = true;
      else element.add(`@${this.#nameOf(attribute)}`, value);
    }
    this.#open.push(element);
  }

  #nameOf({ name, local }: { readonly name: string; readonly local: string }): string {
    const own = this.#plan.stripsPrefixes ? local : name;
    return this.#plan.decodesNames ? decodedName(own) : own;
  }

  #addText(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }

  #closed(): void {
    this.#depth--;
    const element = this.#open.pop();
    if (element === undefined) return;
    const parent = this.#open.at(-1);
    if (parent !== undefined) {
      parent.add(element.name, valueOf(element));
      return;
    }
    this.#checkLength();
    element.settle();
    this.#records.push(element.members);
    const { position, line, column } = this.#parser;
    this.#passed = { position, line, column };
  }

  #checkLength(): void {
    const { maxRecordBytes } = this.#plan;
    if (this.#parser.position - this.#passed.position <= maxRecordBytes) return;
    const hint = 'raise maxRecordBytes, or say with record which elements are rows';
    throw this.#error('LIMIT', `a record has more than ${maxRecordBytes} characters`, hint, this.#passed);
  }

  #error(
    code: FormatErrorCode,
    what: string,
    hint?: string,
    { line, column }: { readonly line: number; readonly column: number } = this.#parser,
  ): FormatError {
    const usual =
      code === 'TRUNCATED'
        ? 'the document was not written or copied to its end: get it once more'
        : 'correct the document';
    return new FormatError(code, what, { format, line, column: column + 1, hint: hint ?? usual });
  }
}

function valueOf(element: Element): Value {
  const { members, text, isNil } = element;
  if (members.size === 0 && !element.hasChildren) return isNil ? null : text;
  element.settle();
  const object: Record<string, Value> = {};
  for (const [name, value] of members) setMember(object, name, value);
  return object;
}
