import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, expectTypeOf } from 'vitest';
import * as z from 'zod';

import { pipeline } from '@x/convert';

import { test } from './scratch.ts';

const order = z.object({
  id: z.string().regex(/^\d+$/, 'must be digits'),
  amount: z.coerce.number().min(0),
  tags: z
    .string()
    .transform((text) => text.split(' '))
    .optional(),
});

const csv = 'id,amount,tags\n01,2.5,a b\n2,3,c\n';

describe('a zod schema', () => {
  test('makes the row what process takes', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': csv });
    const target = join(folder, 'b.jsonl');
    await pipeline(
      source!,
      target,
      (row) => {
        expectTypeOf(row).toEqualTypeOf<{ id: string; amount: number; tags?: string[] | undefined }>();
        return { id: row.id, twice: row.amount * 2, first: row.tags?.[0] };
      },
      { schema: order },
    );
    expect(await readFile(target, 'utf8')).toBe(
      '{"id":"01","twice":5,"first":"a"}\n{"id":"2","twice":6,"first":"c"}\n',
    );
  });

  test('refuses a row with its number and column', async ({ put }) => {
    const [source] = await put({ 'a.csv': `${csv}x,1,\n` });
    await expect(pipeline(source!, null, (row) => row, { schema: order })).rejects.toMatchObject({
      code: 'INVALID_ROW',
      row: 3,
      column: 'id',
      message: expect.stringContaining('must be digits'),
    });
  });

  test("with onError: 'skip' leaves the row out", async ({ put }) => {
    const [source] = await put({ 'a.csv': `${csv}x,1,\n4,-1,\n5,5,\n` });
    const rows: Record<string, unknown>[] = [];
    const result = await pipeline(source!, rows, ({ id }) => ({ id }), { schema: order, onError: 'skip' });
    expect(rows).toEqual([{ id: '01' }, { id: '2' }, { id: '5' }]);
    expect(result).toMatchObject({ rowsRead: 5, rowsWritten: 3, rowsSkipped: 2 });
    expect(result.errors.map((error) => (error as { row?: number }).row)).toEqual([3, 4]);
  });
});

test('any Standard Schema validator will do: asynchronous, a function, with path segments', async () => {
  const schema = Object.assign(() => undefined, {
    '~standard': {
      version: 1,
      vendor: 'own',
      validate: async (value: unknown) =>
        (value as { n: number }).n > 0
          ? { value: { n: (value as { n: number }).n + 1 } }
          : { issues: [{ message: 'too small', path: [{ key: 'a' }, 'n'] }] },
    },
  } as const);
  const rows: Record<string, unknown>[] = [];
  await pipeline([{ n: 1 }], rows, (row) => row, { schema });
  expect(rows).toEqual([{ n: 2 }]);
  await expect(pipeline([{ n: 0 }], rows, (row) => row, { schema })).rejects.toMatchObject({
    column: 'a.n',
    message: "column 'a.n': too small",
  });
});

test('a schema that is none is refused', async () => {
  for (const schema of [{}, 'text', null]) {
    const run = pipeline([], null, (row) => row, { schema: schema as unknown as typeof order });
    await expect(run).rejects.toMatchObject({ code: 'BAD_OPTION' });
  }
});
