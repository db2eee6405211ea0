import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect } from 'vitest';

import { convert, type ConvertOptions, openReader, openWriter, pipeline } from '@x/convert';

import { test } from './scratch.ts';

type R = Record<string, unknown>;

const proto = JSON.parse('{"b":1,"__proto__":"p","2024":"y","a":null}') as R;

describe('rows as source', () => {
  test.for<[string, () => Iterable<R> | AsyncIterable<R>]>([
    ['an array', () => [{ a: 1 }, { a: 2 }]],
    ['a set', () => new Set([{ a: 1 }, { a: 2 }])],
    ['a Node.js stream of objects', () => Readable.from([{ a: 1 }, { a: 2 }])],
    [
      'an async generator',
      async function* () {
        yield { a: 1 };
        yield { a: 2 };
      },
    ],
  ])('%s', async ([, rows], { folder }) => {
    const target = join(folder, 'b.jsonl');
    const result = await convert(rows(), target, { atomic: true });
    expect(await readFile(target, 'utf8')).toBe('{"a":1}\n{"a":2}\n');
    expect(result).toMatchObject({ rowsRead: 2, rowsWritten: 2, bytesRead: 0, atomic: true });
  });

  test('a reader of another source', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': 'id\n1\n2\n' });
    await convert(await openReader(source!), join(folder, 'b.jsonl'));
    expect(await readFile(join(folder, 'b.jsonl'), 'utf8')).toBe('{"id":"1"}\n{"id":"2"}\n');
  });

  test('no rows', async ({ folder }) => {
    for (const name of ['b.csv', 'b.jsonl']) {
      const result = await convert([], join(folder, name));
      expect(result).toMatchObject({ rowsRead: 0, rowsWritten: 0 });
      expect(await readFile(join(folder, name), 'utf8')).toBe('');
    }
  });

  test('what is not a row is refused with its number', async () => {
    for (const wrong of [5, null, 'text', [1]]) {
      const rows = [{ a: 1 }, wrong] as R[];
      await expect(convert(rows, [])).rejects.toMatchObject({ code: 'NOT_A_ROW', row: 2 });
    }
  });

  test('an iterator is ended when the run fails', async ({ folder }) => {
    let ended = false;
    const rows = (function* () {
      try {
        for (;;) yield { a: 1 };
      } finally {
        ended = true;
      }
    })();
    const run = convert(rows, { write: () => Promise.reject(new Error('full')) }, { batchSize: 1 });
    await expect(run).rejects.toThrow('full');
    expect(ended).toBe(true);
    expect(folder).not.toBe('');
  });
});

describe('names of columns', () => {
  test('columns keep their order and their names, numbers and __proto__ among them', async ({
    folder,
    put,
  }) => {
    const [source] = await put({ 'a.csv': 'b,__proto__,2024,a\n1,2,3,4\n' });
    const [lines, back] = [join(folder, 'b.jsonl'), join(folder, 'c.csv')];
    await convert(source!, lines);
    expect(await readFile(lines, 'utf8')).toBe('{"b":"1","__proto__":"2","2024":"3","a":"4"}\n');
    await convert(lines, back);
    expect(await readFile(back, 'utf8')).toBe('b,__proto__,2024,a\n1,2,3,4\n');
  });

  const reshaping: Record<string, (source: string, target: string) => Promise<unknown>> = {
    process: (source, target) => pipeline(source, target, (row) => row),
    'process that copies': (source, target) => pipeline(source, target, (row) => ({ new: 1, ...row })),
    flatten: (source, target) => convert(source, target, { flatten: true }),
    unflatten: (source, target) => convert(source, target, { unflatten: true }),
    'flatten and unflatten': (source, target) => convert(source, target, { flatten: true, unflatten: true }),
    rename: (source, target) => convert(source, target, { rename: { a: 'A' } }),
  };

  test.for(Object.keys(reshaping))(
    'they keep their order where rows are made anew: %s',
    async (way, { folder, put }) => {
      const [source] = await put({ 'a.csv': 'b,2024,a,1,__proto__,0\n1,2,3,4,5,6\n' });
      const target = join(folder, 'b.csv');
      await reshaping[way]!(source!, target);
      const names = way === 'rename' ? 'b,2024,A,1,__proto__,0' : 'b,2024,a,1,__proto__,0';
      const [more, value] = way === 'process that copies' ? [',new', ',1'] : ['', ''];
      expect(await readFile(target, 'utf8')).toBe(`${names}${more}\n1,2,3,4,5,6${value}\n`);
    },
  );

  test('what process leaves out, adds or orders is as it says, where no name is a number', async ({
    folder,
    put,
  }) => {
    const [source, years] = await put({ 'a.csv': 'c,b,a\n1,2,3\n', 'years.csv': 'c,2024,a,2023\n1,2,3,4\n' });
    const target = join(folder, 'b.csv');
    await pipeline(source!, target, ({ a, c }) => ({ a, new: 0, c }));
    expect(await readFile(target, 'utf8')).toBe('a,new,c\n3,0,1\n');
    await pipeline(years!, target, ({ c: _left, ...row }) => ({ ...row, 2025: 5 }));
    expect(await readFile(target, 'utf8')).toBe('2024,a,2023,2025\n2,3,4,5\n');
  });

  test('a row in memory holds them as fields of its own', async ({ put }) => {
    const [source] = await put({ 'a.csv': 'b,__proto__,2024\n1,2,3\n' });
    const rows: R[] = [];
    await convert(source!, rows);
    expect(Object.getOwnPropertyNames(rows[0]).toSorted()).toEqual(['2024', '__proto__', 'b']);
    expect(Object.getPrototypeOf(rows[0])).toBe(Object.prototype);
  });

  test('rows from memory and back', async () => {
    const rows: R[] = [];
    await convert([proto], rows);
    expect(JSON.stringify(rows[0])).toBe(JSON.stringify(proto));
  });
});

describe('a key that appears late', () => {
  const late = (at: number): R[] => [
    ...Array.from({ length: at }, (_none, i) => ({ a: i })),
    { a: -1, b: 'late' },
  ];

  test('within the rows that were looked at, it is a column like any other', async ({ folder }) => {
    const target = join(folder, 'b.csv');
    await convert(late(3), target);
    expect(await readFile(target, 'utf8')).toBe('a,b\n0,\n1,\n2,\n-1,late\n');
  });

  test('after them it is refused where the columns are fixed, never dropped in silence', async ({
    folder,
  }) => {
    const run = convert(late(20), join(folder, 'b.csv'), { scanLimit: 5, batchSize: 5 });
    await expect(run).rejects.toMatchObject({ code: 'EXTRA_KEY', column: 'b' });
  });

  describe('the limit is exact, whatever the source and the size of its batches', () => {
    const rows = late(5);
    const nested = rows.map((row) => ({ a: row }));
    const numbered = rows.map((_row, i) => ({ i }));
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    const ways: Record<string, (target: string, options: ConvertOptions) => Promise<unknown>> = {
      'an array': (target, options) => convert(rows, target, options),
      'JSON Lines': (target, options) =>
        convert(Buffer.from(lines), target, { ...options, from: { format: 'jsonl' } }),
      process: (target, options) => pipeline(numbered, target, ({ i }) => rows[i as number], options),
      flatten: (target, options) => convert(nested, target, { ...options, flatten: true }),
      unflatten: (target, options) => convert(rows, target, { ...options, unflatten: true }),
      'a writer': async (target, options) => {
        const writer = await openWriter(target, options);
        await writer.writeAll(rows);
        await writer.commit();
      },
    };
    test.for(Object.keys(ways))('%s', async (way, { folder }) => {
      const target = join(folder, 'b.csv');
      const name = way === 'flatten' ? 'a.b' : 'b';
      for (const batchSize of [undefined, 1, 4]) {
        const refused = ways[way]!(target, { scanLimit: 5, batchSize });
        await expect(refused, `${batchSize}`).rejects.toMatchObject({
          code: 'EXTRA_KEY',
          message: expect.stringContaining(`"${name}" is not among`),
          row: 6,
        });
        await ways[way]!(target, { scanLimit: 6, batchSize });
        expect((await readFile(target, 'utf8')).split('\n')[6], `${batchSize}`).toBe('-1,late');
      }
    });
  });

  test('with a scanLimit of Infinity it is always seen', async ({ folder }) => {
    const target = join(folder, 'b.csv');
    await convert(late(3000), target, { scanLimit: Infinity, batchSize: 5 });
    expect((await readFile(target, 'utf8')).startsWith('a,b\n0,\n')).toBe(true);
  });

  const withLate = (row: R): R => (row['i'] === 2500 ? { ...row, late: 1 } : row);
  const count = Array.from({ length: 3000 }, (_none, i) => ({ i }));

  test.for(['csv', 'xlsx', 'parquet'])(
    'scanLimit is for what process gives, too: %s',
    async (format, { folder }) => {
      const target = join(folder, `b.${format}`);
      const refused = pipeline(count, target, withLate, { scanLimit: 2500, batchSize: 10 });
      await expect(refused).rejects.toMatchObject({ code: 'EXTRA_KEY', column: 'late', row: 2501 });
      for (const scanLimit of [2501, Infinity]) {
        await pipeline(count, target, withLate, { scanLimit, batchSize: 10 });
        const rows: R[] = [];
        await convert(target, rows);
        expect(rows).toHaveLength(3000);
        expect(Number(rows[2500]!['late'])).toBe(1);
      }
    },
  );

  test('and for what flatten and unflatten give', async ({ folder }) => {
    const target = join(folder, 'b.csv');
    const nested = count.map((row) => ({ a: withLate(row) }));
    const options = { flatten: true, batchSize: 10 };
    const refused = convert(nested, target, { ...options, scanLimit: 2500 });
    await expect(refused).rejects.toMatchObject({ code: 'EXTRA_KEY', column: 'a.late', row: 2501 });
    await convert(nested, target, { ...options, scanLimit: 2501 });
    const lines = (await readFile(target, 'utf8')).split('\n');
    expect([lines[0], lines[1], lines[2501]]).toEqual(['a.i,a.late', '0,', '2500,1']);
  });

  test('and for what a writer is given', async ({ folder }) => {
    const target = join(folder, 'b.csv');
    const writer = await openWriter(target, { scanLimit: Infinity });
    await writer.writeAll(count.map(withLate));
    expect(await writer.commit()).toMatchObject({ rowsWritten: 3000 });
    expect((await readFile(target, 'utf8')).split('\n')[2501]).toBe('2500,1');
  });

  test('where each row has its own keys, it is no matter', async ({ folder }) => {
    const target = join(folder, 'b.jsonl');
    await convert(late(20), target, { scanLimit: 5, batchSize: 5 });
    expect((await readFile(target, 'utf8')).endsWith('{"a":19}\n{"a":-1,"b":"late"}\n')).toBe(true);
  });
});

describe('rows as destination', () => {
  test('an array keeps what it had', async () => {
    const rows: R[] = [{ old: true }];
    await convert([{ a: 1 }], rows);
    expect(rows).toEqual([{ old: true }, { a: 1 }]);
  });

  test('somebody who takes their time', async () => {
    let busy = false;
    const taken: unknown[] = [];
    const sink = {
      write: async (row: R): Promise<void> => {
        expect(busy).toBe(false);
        busy = true;
        await new Promise(setImmediate);
        busy = false;
        taken.push(row['a']);
      },
    };
    await convert([{ a: 1 }, { a: 2 }, { a: 3 }], sink);
    expect(taken).toEqual([1, 2, 3]);
  });

  test('what is no destination is refused', async () => {
    for (const wrong of [5, {}, true, undefined, Buffer.from('b.csv'), new Uint8Array(5)]) {
      await expect(convert([{ a: 1 }], wrong as never)).rejects.toMatchObject({ code: 'BAD_OPTION' });
    }
  });

  test('a URL that is not of a file is refused', async () => {
    const url = new URL('http://localhost/a.csv');
    for (const run of [convert(url, []), convert([{ a: 1 }], url)]) {
      await expect(run).rejects.toMatchObject({
        code: 'BAD_OPTION',
        message: 'http://localhost/a.csv is not the URL of a file',
      });
    }
  });

  test('what is no source is refused', async () => {
    for (const wrong of [5, {}, null, undefined, true]) {
      await expect(convert(wrong as never, [])).rejects.toMatchObject({ code: 'BAD_OPTION' });
    }
  });
});
