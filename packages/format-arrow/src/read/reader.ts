import { type Batch, type ByteSource, FormatError, type Reader, type Schema } from '@x/formats';
import { Ended, orEnd } from '@x/formats/rows';
import { columnsBatch, textColumn, type WantedColumn, wantedColumns } from '@x/formats/columns';

import { format, named } from '../errors.ts';
import type { Field } from '../schema/arrow-type.ts';
import { columnOf, isNested } from '../schema/data-type.ts';
import type { ArrowArray } from './array.ts';
import { decode } from './decode.ts';
import { Dictionaries } from './dictionaries.ts';
import { loadArrays } from './load-arrays.ts';
import { type BodyMessage, MessageReader } from './message-reader.ts';
import { Place } from './place.ts';
import type { ArrowReadPlan } from './read-plan.ts';

/** Rows whose lists and objects are made at once. */
const mostNestedRows = 8192;

interface Opened {
  readonly fields: readonly Field[];
  readonly wanted: readonly WantedColumn[];
  readonly schema: Schema;
}

/** Reads a file or a stream record batch by record batch. */
export class ArrowReader implements Reader {
  readonly #messages: MessageReader;
  readonly #plan: ArrowReadPlan;
  #opened: Promise<Opened> | undefined;
  #isUsed = false;

  constructor(bytes: ByteSource, plan: ArrowReadPlan) {
    this.#messages = new MessageReader(bytes, plan);
    this.#plan = plan;
  }

  async schema(): Promise<Schema> {
    return (await this.#open()).schema;
  }

  [Symbol.asyncIterator](): Ended<Batch> {
    if (this.#isUsed) throw new TypeError('a reader is iterated once; make another one for another pass');
    this.#isUsed = true;
    return new Ended(this.#all(), () => this.#messages.close());
  }

  async *#all(): AsyncGenerator<Batch, void> {
    try {
      const opened = await this.#open();
      const { fields, wanted } = opened;
      if (wanted.length < fields.length || this.#plan.skip > 0) await this.#messages.readSparsely();
      const wantedFields = wanted.map(({ from }) => fields[from]!);
      const dictionaries = new Dictionaries(wantedFields, this.#plan.maxBatchBytes);
      const end = this.#plan.skip + this.#plan.limit;
      let row = 0;
      while (row < end) {
        const message = await this.#messages.next();
        if (message === undefined) return;
        const body = await this.#messages.body(message);
        if (message.kind === 'dictionary') {
          if (!dictionaries.isWanted(message.id)) continue;
          await located(message, () => dictionaries.take(message, body, this.#messages.isFile));
          continue;
        }
        const { rows } = message.batch;
        if (row + rows > this.#plan.skip) {
          const needed = new Set(wanted.map(({ from }) => from));
          const arrays = await located(message, () =>
            loadArrays(fields, (i) => needed.has(i), {
              header: message.batch,
              body,
              dictionaries: dictionaries.known,
              maxBytes: this.#plan.maxBatchBytes,
            }),
          );
          yield* this.#batches(opened, arrays, { rows, firstRow: row });
        }
        row += rows;
      }
    } catch (error) {
      throw named(error, this.#plan.format);
    }
  }

  /** The rows of a record batch that are wanted. */
  *#batches(
    { wanted, schema, fields }: Opened,
    arrays: readonly (ArrowArray | undefined)[],
    { rows, firstRow }: { readonly rows: number; readonly firstRow: number },
  ): Generator<Batch> {
    const { skip, limit, batchSize, maxBatchBytes } = this.#plan;
    const hasNested = wanted.some(({ from }) => isNested(fields[from]!));
    const most = hasNested ? Math.min(batchSize, mostNestedRows) : batchSize;
    const end = Math.min(rows, skip + limit - firstRow);
    for (let from = Math.max(0, skip - firstRow); from < end;) {
      const to = Math.min(end, from + most);
      const budget = { left: maxBatchBytes };
      const columns = wanted.map(({ from: index, column, asText }) => {
        const array = arrays[index]!;
        const data = decode(array, from, to, new Place(column.name, firstRow, budget));
        return asText ? textColumn(data, columnOf(array.field), to - from, format, firstRow + from) : data;
      });
      yield columnsBatch(schema, columns, to - from, firstRow + from);
      from = to;
    }
  }

  #open(): Promise<Opened> {
    this.#opened ??= orEnd(this.#begin(), () => this.#messages.close()).catch((error: unknown) => {
      throw named(error, this.#plan.format);
    });
    return this.#opened;
  }

  async #begin(): Promise<Opened> {
    const fields = await this.#messages.open();
    const wanted = wantedColumns(fields.map(columnOf), this.#plan, this.#plan.types);
    for (const { from } of wanted) refuseLostMembers(fields[from]!, fields[from]!.name);
    return { fields, wanted, schema: { columns: wanted.map(({ column }) => column) } };
  }
}

/** An object cannot have a member twice. */
function refuseLostMembers(field: Field, column: string): void {
  const names = field.children.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined && field.type.kind === 'struct') {
    throw new FormatError('DUPLICATE_COLUMN', `objects have the member ${JSON.stringify(twice)} twice`, {
      format,
      field: column,
      hint: 'name the columns to read with columns, without this one',
    });
  }
  for (const child of field.children) refuseLostMembers(child, column);
}

/** What goes wrong with a message, with the place of the message. */
async function located<Result>({ byteOffset }: BodyMessage, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof FormatError) || error.row !== undefined || error.byteOffset !== undefined)
      throw error;
    const { code, problem, field, hint, cause } = error;
    const given = Object.entries({ field, hint, cause }).filter(([, value]) => value !== undefined);
    throw new FormatError(code, problem, { ...Object.fromEntries(given), format, byteOffset });
  }
}
