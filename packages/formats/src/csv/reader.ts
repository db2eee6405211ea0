import { batchesOf, isComplete } from '../batch/batches-of.ts';
import { CellReader } from '../batch/cell-reader.ts';
import { layoutOf } from '../batch/rows-at-hand.ts';
import type { Batch, ByteSource, Column, Reader, Schema } from '../contract.ts';
import { FormatError } from '../format-error.ts';
import { Arena } from '../kernel/arena.ts';
import { Ended, orEnd } from '../source/ended.ts';
import { Input } from '../source/input.ts';
import { type EncodingOptions, Utf8Source } from '../source/utf8-source.ts';
import { askedTypes, checkNamed, selection } from '../typing/asked-types.ts';
import { inferTextType } from '../typing/infer-type.ts';
import { Typing } from '../typing/typing.ts';
import { CsvCells } from './cells.ts';
import { byteDialect } from './dialect.ts';
import { columnNames } from './header.ts';
import type { CsvReadPlan } from './read-plan.ts';
import { sniffDelimiter } from './sniff.ts';

const text = { kind: 'string' } as const;

/** What is known once the header and the first rows are read. */
interface Table {
  readonly cells: CsvCells;
  readonly typing: Typing;
  /** Whether rows are at hand. */
  readonly isPrimed: boolean;
}

/** Reads delimited text: bytes → cells → rows of the header's columns. */
export class DelimitedReader implements Reader {
  readonly #plan: CsvReadPlan;
  readonly #input: Input;
  #table: Promise<Table> | undefined;

  constructor(bytes: ByteSource, plan: CsvReadPlan, encoding: EncodingOptions, arena = new Arena()) {
    this.#plan = plan;
    this.#input = new Input(new Utf8Source(bytes, plan.format, encoding), arena, 'any');
  }

  async schema(): Promise<Schema> {
    const { typing } = await this.#open();
    return typing.schema;
  }

  [Symbol.asyncIterator](): Ended<Batch> {
    this.#input.useOnce();
    return new Ended(this.#batches(), () => this.#input.close());
  }

  async *#batches(): AsyncGenerator<Batch, void> {
    const { cells, typing, isPrimed } = await this.#open();
    if (cells.width === 0) return;
    let hasRows = isPrimed || (await cells.next());
    while (hasRows) {
      yield* batchesOf(cells, typing, this.#plan);
      if (isComplete(cells, this.#plan)) return;
      hasRows = await cells.next();
    }
  }

  #open(): Promise<Table> {
    return (this.#table ??= orEnd(this.#readTable(), () => this.#input.close()));
  }

  async #readTable(): Promise<Table> {
    const plan = this.#plan;
    const input = this.#input;
    await input.fill();
    await input.skipLines(plan.skipLines);
    const { delimiter, quote, comment } = plan.dialect;
    const cells = new CsvCells(
      input,
      byteDialect(plan.format, {
        ...plan.dialect,
        delimiter: delimiter === 'auto' ? sniffDelimiter(input, quote, comment) : delimiter,
      }),
      plan,
    );
    cells.width = await cells.peek();
    const names = this.#names(cells);
    const order = selection(names, plan.header ? plan.columns : undefined, plan.format);
    if (plan.header && cells.width > 0) cells.passRecord();

    checkNamed(names, plan.types, plan.format);
    const asked = askedTypes(names, plan.types, text);
    const isPrimed = asked.includes('infer') && cells.width > 0 && (await cells.next(plan.scanLimit));
    const columns = asked.map((type, i): Column => {
      const name = names[i]!;
      if (type !== 'infer') return { name, type };
      return { name, type: inferTextType(cells, i, plan.scanLimit, plan.nullValues) };
    });
    const typing = new Typing(cells, plan, text);
    await typing.use(columns, order, plan.nullValues);
    return { cells, typing, isPrimed };
  }

  #names(cells: CsvCells): string[] {
    const { format, columns, header } = this.#plan;
    const texts = new CellReader(layoutOf(cells, [], 0, 1));
    const numbers = Array.from({ length: cells.width }, (_, i) => i);
    if (header) {
      cells.readPeeked();
      return columnNames(
        numbers.map((i) => texts.text(i)),
        this.#plan,
        (column, code, what, details) => cells.errorAt(texts.start(column), code, what, details),
      );
    }
    if (columns === undefined) return numbers.map((i) => `column${i + 1}`);
    if (columns.length === numbers.length || numbers.length === 0) {
      const error = (
        _: number,
        code: 'DUPLICATE_COLUMN' | 'EMPTY_COLUMN_NAME',
        what: string,
        details: object,
      ) => new FormatError(code, what, { ...details, format });
      return columnNames(columns, this.#plan, error);
    }
    throw new FormatError(
      'BAD_OPTION',
      `columns names ${columns.length} columns, the first row has ${numbers.length} cells`,
      { format, hint: 'name them all' },
    );
  }
}
