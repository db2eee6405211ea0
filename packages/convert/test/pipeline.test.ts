import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect } from 'vitest';

import { ConvertError, openReader, pipeline, type Progress } from '@x/convert';
import { Day } from '@x/formats';

import { table, test } from './scratch.ts';

type R = Record<string, unknown>;

test('an async process gives what is written, row by row and in order', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': table(5) });
  const target = join(folder, 'b.jsonl');
  const result = await pipeline(
    source!,
    target,
    async (row) => {
      // The earlier the row, the longer it takes.
      for (let i = 5; i > Number(row['id']); i -= 1) await turn();
      return { id: Number(row['id']) * 2 };
    },
    { batchSize: 2 },
  );
  expect(await readFile(target, 'utf8')).toBe('{"id":0}\n{"id":2}\n{"id":4}\n{"id":6}\n{"id":8}\n');
  expect(result).toMatchObject({ rowsRead: 5, rowsWritten: 5, rowsDropped: 0 });
});

test('days are days and moments are moments behind a process, and are spelled as they were', async ({
  folder,
  put,
}) => {
  const text = 'day,at\n2024-02-29,2024-02-29T00:00:00.000Z\n0001-01-01,\n,1969-12-31T23:59:59.999Z\n';
  const [source] = await put({ 'a.csv': text });
  for (const name of ['b.parquet', 'b.xlsx', 'b.cbor', 'b.msgpack', 'b.csv']) {
    const [target, back] = [join(folder, name), join(folder, 'back.csv')];
    const seen: unknown[] = [];
    const look = (row: R): R => {
      seen.push(row['day']);
      return { ...row };
    };
    await pipeline(source!, target, look, { types: 'infer' });
    expect(seen).toStrictEqual([new Day('2024-02-29'), new Day('0001-01-01'), null]);
    await pipeline(target, back, (row) => ({ ...row }));
    expect(await readFile(back, 'utf8')).toBe(text);
  }
  const { schema } = await openReader(join(folder, 'b.parquet'));
  expect(schema.columns.map(({ type }) => type.kind)).toEqual(['date', 'timestamp']);
});

test('state is handed to every call and comes back', async () => {
  const state = { sum: 0 };
  const result = await pipeline(
    [{ n: 1 }, { n: 2 }, { n: 3 }],
    null,
    (row: R, own: typeof state) => {
      own.sum += row['n'] as number;
    },
    {
      state,
      final: (_progress, own) => {
        own.sum *= 10;
      },
    },
  );
  expect(result.state).toBe(state);
  expect(state.sum).toBe(60);
});

test('without a state each run has a new one', async () => {
  const count = (row: R, state: Record<string, unknown>): R => {
    state['n'] = Number(state['n'] ?? 0) + 1;
    return row;
  };
  expect((await pipeline([{}, {}], null, count)).state).toEqual({ n: 2 });
  expect((await pipeline([{}], null, count)).state).toEqual({ n: 1 });
});

test('trigger is called after every so many rows, final once before anything is published', async ({
  folder,
  put,
}) => {
  const [source, target] = await put({ 'a.csv': table(10), 'b.jsonl': 'old' });
  const calls: (string | number)[] = [];
  await pipeline(source!, target!, (row) => row, {
    atomic: true,
    batchSize: 3,
    triggerEvery: 4,
    trigger: async () => {
      await turn();
      calls.push('trigger');
    },
    final: async (progress: Progress) => {
      await turn();
      calls.push('final', progress.rowsRead, await readFile(join(folder, 'b.jsonl'), 'utf8'));
    },
  });
  expect(calls).toEqual(['trigger', 'trigger', 'final', 10, 'old']);
  expect(await readFile(target!, 'utf8')).not.toBe('old');
});

test.for([{}, { batchSize: 3 }, { scanLimit: 2, flatten: true }])(
  'trigger is told of the rows that process has seen, whatever the batches: %o',
  async (options) => {
    const seen: number[][] = [];
    let processed = 0;
    const process = (row: R): R | null => ((processed += 1) % 2 === 0 ? row : null);
    await pipeline(
      Array.from({ length: 10 }, (_none, i) => ({ i })),
      null,
      process,
      {
        ...options,
        triggerEvery: 4,
        trigger: ({ rowsRead, rowsDropped }) => void seen.push([rowsRead, rowsDropped, processed]),
      },
    );
    expect(seen).toEqual([
      [4, 2, 4],
      [8, 4, 8],
    ]);
  },
);

test.for(['trigger', 'final'] as const)('%s that throws publishes nothing', async (name, { folder, put }) => {
  const [source, target] = await put({ 'a.csv': table(3), 'b.jsonl': 'old' });
  const fail = async (): Promise<never> => {
    await turn();
    throw new Error('not today');
  };
  const run = pipeline(source!, target!, (row) => row, { atomic: true, triggerEvery: 1, [name]: fail });
  await expect(run).rejects.toThrow('not today');
  expect(await readFile(target!, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a.csv', 'b.jsonl']);
});

describe('rows that process leaves out', () => {
  test('null and undefined drop the row, and are counted', async () => {
    const rows: R[] = [];
    const give = [{ a: 1 }, null, undefined, { a: 4 }];
    const result = await pipeline([{}, {}, {}, {}], rows, () => give.shift());
    expect(rows).toEqual([{ a: 1 }, { a: 4 }]);
    expect(result).toMatchObject({ rowsRead: 4, rowsWritten: 2, rowsDropped: 2, rowsSkipped: 0 });
  });

  test('with skipNulls: false that is an error with its row', async () => {
    const run = pipeline([{}, {}], [], (_row, state) => (state['first'] ??= {}) && null, {
      skipNulls: false,
    });
    await expect(run).rejects.toMatchObject({ code: 'NULL_ROW', row: 1 });
  });

  test('a batch of which nothing is left writes nothing, not even a header', async ({ folder }) => {
    const target = join(folder, 'b.csv');
    const all = Array.from({ length: 9 }, (_none, i) => ({ i }));
    await pipeline(all, target, (row) => (row['i'] === 8 ? row : null), { batchSize: 2 });
    expect(await readFile(target, 'utf8')).toBe('i\n8\n');
  });
});

test('null as destination only counts', async ({ put, folder }) => {
  const [source] = await put({ 'a.csv': table(7) });
  const result = await pipeline(source!, null, (row) => row, { atomic: true });
  expect(result).toMatchObject({ rowsRead: 7, rowsWritten: 7, bytesWritten: 0, atomic: false });
  expect(await readdir(folder)).toEqual(['a.csv']);
});

test('memory to memory, the same call twice', async () => {
  const source = [{ n: 1 }, { n: 2 }];
  const options = { batchSize: 1, state: { calls: 0 } };
  for (const calls of [2, 4]) {
    const target: R[] = [];
    const result = await pipeline(
      source,
      target,
      (row: R, state: { calls: number }) => {
        state.calls += 1;
        return { double: (row['n'] as number) * 2 };
      },
      options,
    );
    expect(target).toEqual([{ double: 2 }, { double: 4 }]);
    expect(result.state.calls).toBe(calls);
  }
  expect(source).toEqual([{ n: 1 }, { n: 2 }]);
});

test('what a row loses or gains in process does not reach the source', async () => {
  const source = [{ n: 1 }];
  await pipeline(source, null, (row) => {
    row['n'] = 2;
    row['more'] = true;
    return row;
  });
  expect(source).toEqual([{ n: 1 }]);
});

test('a process that throws leaves the old file, and says at which row', async ({ folder, put }) => {
  const [source, target] = await put({ 'a.csv': table(10), 'b.jsonl.gz': 'old' });
  const cause = new TypeError('no such thing');
  const process = (row: R): R => {
    if (row['id'] === '7') throw cause;
    return row;
  };
  const run = pipeline(source!, target!, process, { atomic: true, batchSize: 2 });
  await expect(run).rejects.toBeInstanceOf(ConvertError);
  await expect(run).rejects.toMatchObject({
    code: 'PROCESS_FAILED',
    row: 8,
    message: 'no such thing',
    cause,
  });
  expect(await readFile(target!, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['a.csv', 'b.jsonl.gz']);
});

test('a failure never writes a batch twice', async () => {
  const seen: R[] = [];
  const sink = {
    write: (row: R): void => {
      if (seen.length === 5) throw new Error('full');
      seen.push(row);
    },
  };
  const all = Array.from({ length: 20 }, (_none, i) => ({ i }));
  await expect(pipeline(all, sink, (row) => row, { batchSize: 2 })).rejects.toThrow('full');
  expect(seen.map((row) => row['i'])).toEqual([0, 1, 2, 3, 4]);
});

test("with onError: 'skip' a failing row is left out, counted, told and kept", async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': table(4) });
  const [target, rejects] = [join(folder, 'b.jsonl'), join(folder, 'rejects.jsonl')];
  const process = (row: R): R | null => {
    if (row['id'] === '1') throw new Error('bad one');
    return row['id'] === '2' ? null : row;
  };
  const result = await pipeline(source!, target, process, { onError: 'skip', rejects });
  expect(result).toMatchObject({ rowsRead: 4, rowsWritten: 2, rowsSkipped: 1, rowsDropped: 1 });
  expect(result.errors).toEqual([expect.objectContaining({ code: 'PROCESS_FAILED', row: 2 })]);
  expect(await readFile(target, 'utf8')).toBe('{"id":"0","name":"a"}\n{"id":"3","name":"a"}\n');
  const [line, ...others] = (await readFile(rejects, 'utf8')).trimEnd().split('\n');
  expect(JSON.parse(line!)).toEqual({
    row: 2,
    code: 'PROCESS_FAILED',
    reason: 'bad one',
    record: '{"id":"1","name":"a"}',
  });
  expect(others).toEqual([]);
});

test('rejects that cannot be published: the output is not either', async ({ folder, put }) => {
  const [target] = await put({ 'b.jsonl': 'old', 'gone/x': '' });
  const run = pipeline([{ a: 1 }], target!, (row) => row, {
    atomic: true,
    rejects: join(folder, 'gone/rejects.jsonl'),
    final: () => rm(join(folder, 'gone'), { recursive: true }),
  });
  await expect(run).rejects.toMatchObject({ name: 'ConvertError', path: join(folder, 'gone/rejects.jsonl') });
  expect(await readFile(target!, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['b.jsonl']);
});

test('what process gives must be a row', async () => {
  for (const [value, named] of [
    [5, 'a number'],
    ['text', 'a string'],
    [[1], 'an array'],
  ] as const) {
    const run = pipeline([{}], [], () => value as unknown as R);
    await expect(run).rejects.toMatchObject({
      code: 'NOT_A_ROW',
      row: 1,
      message: expect.stringContaining(named),
    });
  }
});

test('zero and negative numbers are refused by name', async () => {
  for (const option of ['triggerEvery', 'batchSize', 'scanLimit', 'progressInterval']) {
    for (const value of [0, -1, 1.5, Number.NaN]) {
      const run = pipeline([], null, (row) => row, { [option]: value });
      await expect(run).rejects.toMatchObject({
        code: 'BAD_OPTION',
        message: expect.stringContaining(`${option} (${value})`),
      });
    }
  }
});

test('what is no function is refused, and not counted as bad rows', async ({ folder }) => {
  for (const process of [undefined, null, {}]) {
    const run = pipeline([{ a: 1 }], join(folder, 'b.csv'), process as never, { onError: 'skip' });
    await expect(run).rejects.toMatchObject({
      code: 'BAD_OPTION',
      message: expect.stringContaining('process'),
    });
  }
  expect(await readdir(folder)).toEqual([]);
});

test('a state that is null or 0 is the state', async () => {
  for (const state of [null, 0]) {
    const seen: unknown[] = [];
    const result = await pipeline([{ a: 1 }], null, (_row, given) => void seen.push(given), { state });
    expect([seen, result.state]).toEqual([[state], state]);
  }
});
