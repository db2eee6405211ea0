import type { ColumnData, DataType } from '@x/formats';
import { joined } from '@x/formats/columns';

import { corrupt } from '../errors.ts';
import type { Message } from '../metadata/read-message.ts';
import type { Field } from '../schema/arrow-type.ts';
import { dataTypeOf } from '../schema/data-type.ts';
import type { Dictionary } from './array.ts';
import { decode } from './decode.ts';
import { loadArrays } from './load-arrays.ts';
import type { Body } from './message-input.ts';
import { Place } from './place.ts';

/** The dictionaries that columns refer to, as they are at the moment. */
export class Dictionaries {
  /** For each, a field of its values. */
  readonly #fields = new Map<string, Field>();
  readonly #known = new Map<string, Dictionary>();
  readonly #maxBytes: number;

  /** `wanted` are the columns whose dictionaries are kept. */
  constructor(wanted: readonly Field[], maxBytes: number) {
    this.#maxBytes = maxBytes;
    for (const field of wanted) this.#note(field);
  }

  get known(): ReadonlyMap<string, Dictionary> {
    return this.#known;
  }

  isWanted(id: string): boolean {
    return this.#fields.has(id);
  }

  /**
   * Takes a dictionary, or what comes to one. `isFile`: whether it may not be replaced.
   *
   * @throws {FormatError} CORRUPT
   */
  async take(message: Message & { kind: 'dictionary' }, body: Body, isFile: boolean): Promise<void> {
    const { id, isDelta, batch } = message;
    const field = this.#fields.get(id)!;
    const source = { header: batch, body, dictionaries: this.#known, maxBytes: this.#maxBytes };
    const [array] = await loadArrays([field], () => true, source);
    const { length } = array!;
    const data = decode(array!, 0, length, new Place(field.name, undefined, { left: this.#maxBytes }));
    const before = this.#known.get(id);
    if (isDelta) {
      if (before === undefined) {
        throw corrupt(`there is nothing that the values of ${JSON.stringify(field.name)} could come to`);
      }
      // Batches that have been given out keep the one before.
      this.#known.set(id, concatenated(before, { count: length, data }, dataTypeOf(field)));
    } else {
      if (before !== undefined && isFile) {
        throw corrupt(`the file has the dictionary of ${JSON.stringify(field.name)} twice`);
      }
      this.#known.set(id, { count: length, data });
    }
  }

  #note(field: Field): void {
    // What the values are, a dictionary says as if there were none.
    if (field.dictionary !== undefined)
      this.#fields.set(field.dictionary.id, { ...field, dictionary: undefined });
    for (const child of field.children) this.#note(child);
  }
}

function concatenated(a: Dictionary, b: Dictionary, type: DataType): Dictionary {
  const parts: ColumnData[] = [a, b].filter(({ count }) => count > 0).map(({ data }) => data);
  const counts = [a.count, b.count].filter((count) => count > 0);
  return { count: a.count + b.count, data: parts.length === 0 ? b.data : joined(parts, counts, type) };
}
