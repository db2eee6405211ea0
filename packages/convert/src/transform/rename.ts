import type { Batch, Schema } from '@x/formats';

import { ConvertError } from '../errors.ts';

/**
 * Gives columns new names; the cells stay as they are, in whatever layout they have.
 *
 * @throws {ConvertError} `UNKNOWN_COLUMN` for a name that no column has, `DUPLICATE_COLUMN` where two would share one.
 */
export async function* renamed(
  batches: AsyncIterable<Batch>,
  names: Readonly<Record<string, string>>,
): AsyncGenerator<Batch, void> {
  const unused = new Set(Object.keys(names));
  let [before, after]: (Schema | undefined)[] = [];
  for await (const batch of batches) {
    if (batch.schema !== before) {
      before = batch.schema;
      after = renamedSchema(before, names);
      for (const { name } of before.columns) unused.delete(name);
    }
    yield Object.create(batch, { schema: { value: after, enumerable: true } }) as Batch;
  }
  if (before) refuseUnused(unused, before);
}

/** The columns of a table without rows. */
export function renamedWithoutRows(schema: Schema, names: Readonly<Record<string, string>>): Schema {
  const known = new Set(schema.columns.map(({ name }) => name));
  // Without rows, some formats know of no columns at all.
  if (known.size > 0) {
    refuseUnused(new Set(Object.keys(names).filter((name) => !known.has(name))), schema);
  }
  return renamedSchema(schema, names);
}

function refuseUnused([unused]: ReadonlySet<string>, { columns }: Schema): void {
  if (unused === undefined) return;
  throw new ConvertError('UNKNOWN_COLUMN', `there is no column '${unused}' to rename`, {
    hint: `columns are ${columns.map(({ name }) => name).join(', ')}`,
  });
}

/** @throws {ConvertError} `DUPLICATE_COLUMN`. */
function renamedSchema(schema: Schema, names: Readonly<Record<string, string>>): Schema {
  const seen = new Set<string>();
  const columns = schema.columns.map((column) => {
    const name = Object.hasOwn(names, column.name) ? names[column.name]! : column.name;
    if (seen.has(name)) {
      throw new ConvertError('DUPLICATE_COLUMN', `after renaming, two columns are named '${name}'`);
    }
    seen.add(name);
    return { ...column, name };
  });
  return { columns };
}
