import { type ByteSource, FormatError, type FormatErrorCode, type Value } from '@x/formats';
import { ByteReader, type KeyedRecord, type KeyedRecords, setMember } from '@x/formats/rows';
import { SaxesParser, type SaxesTagNS } from 'saxes';

import { decodedName } from '../names.ts';
import { format, type ReadPlan } from '../options.ts';
import { Decoding } from './decoding.ts';
import { Element } from './element.ts';

const xmlns = 'http://www.w3.org/2000/xmlns/';
const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
/** Enough to tell the encoding by. */
const headBytes = 256;

/** Reads the records of a document as they come. Entities of a document are not expanded; they are errors. */
export class RecordSource implements KeyedRecords {
  readonly #bytes: ByteReader;
  readonly #plan: ReadPlan;
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  #records: KeyedRecord[] = [];
  #depth = 0;
  /** Elements from the record to the innermost one. */
  #open: Element[] = [];
  /** The name of the records, once it is known. */
  #record: string | undefined;
  #isEnding = false;
  /** Bytes since a record has ended. */
  #held = 0;

  constructor(bytes: ByteSource, plan: ReadPlan) {
    this.#bytes = new ByteReader(bytes, format);
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
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
    parser.on('closetag', () => this.#closed());
  }

  async *chunks(): AsyncGenerator<readonly KeyedRecord[]> {
    const decoding = new Decoding(await this.#bytes.peek(headBytes));
    for (let chunk = await this.#bytes.chunk(); chunk !== undefined; chunk = await this.#bytes.chunk()) {
      this.#held += chunk.length;
      this.#parser.write(decoding.text(chunk));
      if (this.#records.length > 0) yield this.#take();
      if (this.#held > this.#plan.maxRecordBytes) {
        throw this.#error(
          'LIMIT',
          `a record has more than ${this.#plan.maxRecordBytes} bytes`,
          'raise maxRecordBytes, or say with record which elements are rows',
        );
      }
    }
    this.#isEnding = true;
    this.#parser.write(decoding.text());
    this.#parser.close();
    yield this.#take();
  }

  close(): Promise<void> {
    return this.#bytes.close();
  }

  #take(): readonly KeyedRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
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

  #text(text: string): void {
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
    element.settle();
    this.#records.push(element.members);
    this.#held = 0;
  }

  #error(code: FormatErrorCode, what: string, hint?: string): FormatError {
    const { line, column } = this.#parser;
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
