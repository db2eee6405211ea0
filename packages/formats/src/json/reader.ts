import { batchesOf, isComplete } from '../batch/batches-of.ts';
import type { Batch, ByteSource, Column, DataType, Reader, Schema } from '../contract.ts';
import { Arena } from '../kernel/arena.ts';
import { Ended, orEnd } from '../source/ended.ts';
import { Input } from '../source/input.ts';
import { type EncodingOptions, Utf8Source } from '../source/utf8-source.ts';
import { askedTypes, checkNamed, selection } from '../typing/asked-types.ts';
import { inferJsonType } from '../typing/infer-type.ts';
import { Typing } from '../typing/typing.ts';
import { ColumnTable } from './column-table.ts';
import { discoverColumns } from './discover.ts';
import { JsonDocument, type Opening } from './document.ts';
import type { JsonReadPlan } from './read-plan.ts';
import { JsonRecords } from './records.ts';

const any = { kind: 'any' } as const;

/** Reads JSON objects, on lines or in a document: bytes → cells → rows. */
export class JsonReader implements Reader {
  readonly #plan: JsonReadPlan;
  readonly #input: Input;
  readonly #columns: ColumnTable;
  readonly #records: JsonRecords;
  readonly #document: JsonDocument;
  readonly #typing: Typing;
  #opening: Promise<Opening | undefined> | undefined;
  /** The columns that the types are for. */
  #typed: readonly Column[] | undefined;
  /** Types found out, by column. */
  readonly #inferred = new Map<string, DataType>();

  constructor(bytes: ByteSource, plan: JsonReadPlan, encoding: EncodingOptions, arena = new Arena()) {
    this.#plan = plan;
    this.#input = new Input(new Utf8Source(bytes, plan.format, encoding), arena, 'LF');
    this.#columns = new ColumnTable(arena);
    this.#records = new JsonRecords(this.#input, this.#columns, plan.sequence, plan);
    this.#typing = new Typing(this.#records, plan, any);
    const readOn = () => this.#records.readOn();
    this.#document = new JsonDocument(this.#input, plan.format, plan.maxDepth, readOn);
  }

  async schema(): Promise<Schema> {
    await this.#open();
    return this.#typing.schema;
  }

  [Symbol.asyncIterator](): Ended<Batch> {
    this.#input.useOnce();
    return new Ended(this.#batches(), () => this.#input.close());
  }

  async *#batches(): AsyncGenerator<Batch, void> {
    const records = this.#records;
    const opening = await this.#open();
    while (records.rows > 0) {
      if (this.#columns.columns !== this.#typed) await this.#useColumns();
      yield* batchesOf(records, this.#typing, this.#plan);
      if (isComplete(records, this.#plan)) return;
      if (records.isClosed) break;
      await records.next();
    }
    if (opening === undefined) return;
    records.pass();
    await this.#document.close(opening, this.#plan.path);
  }

  #open(): Promise<Opening | undefined> {
    return (this.#opening ??= orEnd(this.#begin(), () => this.#input.close()));
  }

  /** Reads up to the first rows. */
  async #begin(): Promise<Opening | undefined> {
    const { sequence, path, types, scanLimit } = this.#plan;
    await this.#input.fill();
    const opening = sequence === 'items' ? await this.#document.open(path) : undefined;
    if (opening?.rows === 'empty list') return opening;
    if (opening?.rows === 'object') this.#records.sequence = 'single';
    await this.#discover();
    const names = this.#columns.columns.map(({ name }) => name);
    const asked = askedTypes(names, types, any);
    await this.#records.next(asked.includes('infer') ? scanLimit : 1);
    for (const [i, type] of asked.entries()) {
      if (type === 'infer') this.#inferred.set(names[i]!, inferJsonType(this.#records, i, scanLimit));
    }
    await this.#useColumns();
    return opening;
  }

  /** Finds the columns of the first rows; keeps the wanted ones. */
  async #discover(): Promise<void> {
    const { columns: wanted, types, maxRecordBytes, format } = this.#plan;
    const plan = { ...this.#plan, leavesOut: this.#plan.onBadRow !== undefined };
    const { sequence } = this.#records;
    const found = new ColumnTable(this.#input.arena);
    for (;;) {
      const scan = discoverColumns(this.#input, found, sequence, plan);
      this.#records.checkColumns(found.count, this.#input.start);
      // What is too large is refused when it is read.
      if (scan.isDone || scan.unfinishedBytes >= maxRecordBytes) break;
      if (scan.records === 0) await this.#records.readOn();
      else await this.#input.fill();
    }
    const names = found.columns.map(({ name }) => name);
    // Where there are no rows, nobody knows which columns there are.
    if (names.length > 0) checkNamed(names, types, format);
    const order = names.length === 0 ? [] : selection(names, wanted, format);
    for (const column of order) this.#columns.add(names[column]!, found.keyOf(column));
    await this.#columns.settle();
  }

  /** Takes up the columns that there are now. */
  async #useColumns(): Promise<void> {
    const { types, nullValues } = this.#plan;
    const { columns } = this.#columns;
    const asked = askedTypes(
      columns.map(({ name }) => name),
      types,
      any,
    );
    const typed = columns.map(({ name }, i): Column => {
      const type = asked[i]!;
      // A column that comes late has had no rows to find its type by.
      return { name, type: type === 'infer' ? (this.#inferred.get(name) ?? any) : type };
    });
    await this.#typing.use(
      typed,
      columns.map((_, i) => i),
      nullValues,
    );
    this.#typed = columns;
  }
}
