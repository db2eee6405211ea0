import { execFileSync } from 'node:child_process';

import { describe, expect, test } from 'vitest';

import { childNodeArgs } from '@x/vitest-config/child-node';

import { csv, type CsvReadOptions, jsonl, type Row, rowObjects } from '@x/formats';

import { chunked } from '../bytes.ts';

async function objectsOf(text: string, options: CsvReadOptions = {}): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of csv().createReader(chunked(Buffer.from(text), 1e6), options)) {
    rows.push(...rowObjects(batch));
  }
  return rows;
}

describe('row objects', () => {
  test('a column may have any name', async () => {
    const names = [
      '__proto__',
      'constructor',
      '2024',
      'a b',
      'it"s',
      "it's",
      'back\\slash',
      '\u2028',
      'é',
      '${x}',
    ];
    const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
    const [row] = await objectsOf(`${header}\n${names.map((_, i) => i).join(',')}\n`);
    const entries = new Map(Object.entries(row!));
    expect(names.map((name) => entries.get(name))).toEqual(names.map((_, i) => String(i)));
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });

  test('each object is its own', async () => {
    const rows = await objectsOf('a,b\n1,2\n1,2\n');
    rows[0]!['a'] = 'changed';
    expect(rows).toEqual([
      { a: 'changed', b: '2' },
      { a: '1', b: '2' },
    ]);
  });

  test('a key that a record lacks is not there', async () => {
    const lines = Buffer.from('{"a":1,"b":2}\n{"b":3}\n{"a":4,"b":null}\n');
    const rows: Row[] = [];
    for await (const batch of jsonl().createReader(chunked(lines, 1e6))) rows.push(...rowObjects(batch));
    expect(rows.map((row) => JSON.stringify(row))).toEqual(['{"a":1,"b":2}', '{"b":3}', '{"a":4,"b":null}']);
  });

  test('rows are the same where Node.js may not compile text', () => {
    const program = `
      import { csv, rowObjects } from '@x/formats';
      const rows = [];
      const source = [Buffer.from('__proto__,a\\n1,2\\n')];
      for await (const batch of csv().createReader(source)) rows.push(...rowObjects(batch));
      console.log(JSON.stringify(rows));`;
    const printed = execFileSync(
      process.execPath,
      ['--disallow-code-generation-from-strings', ...childNodeArgs, '--input-type=module', '--eval', program],
      { cwd: import.meta.dirname, encoding: 'utf8' },
    );
    expect(printed).toBe('[{"__proto__":"1","a":"2"}]\n');
  });
});

describe('texts that are there again', () => {
  // 4096 known texts; long and short, ASCII and not, more of them than can be known, and known ones again.
  const text = (i: number): string =>
    ['', `x${i}`, `é${i % 50}`, 'ASCII of more than 15', `王小明王小明${i}`, '王'][i % 6]!;

  test('are the same in every block of rows', async () => {
    const values = Array.from({ length: 30_000 }, (_, i) => [
      text(i),
      text(Math.imul(i, 40_503) >>> 12),
      String(i % 7),
    ]);
    const rows = await objectsOf(`a,b,c\n${values.map((row) => row.join(',')).join('\n')}\n`);
    expect(rows.length).toBe(values.length);
    expect(rows.findIndex((row, i) => values[i]!.some((value, c) => value !== Object.values(row)[c]))).toBe(
      -1,
    );
  });

  test('do not mix when two go through a batch at once', async () => {
    const values = Array.from({ length: 5000 }, (_, i) => [text(i), text(i >> 3)]);
    const source = chunked(Buffer.from(`a,b\n${values.map((row) => row.join(',')).join('\n')}\n`), 1e6);
    for await (const batch of csv().createReader(source)) {
      const other = batch.rows()[Symbol.iterator]();
      let row = batch.firstRow;
      for (const own of batch.rows()) {
        expect([own, other.next().value]).toEqual([values[row], values[row]]);
        row++;
      }
    }
  });

  test('are not taken from the source before', async () => {
    expect(await objectsOf('a\nfirst\n')).toEqual([{ a: 'first' }]);
    expect(await objectsOf('a\nother\nfirst\n')).toEqual([{ a: 'other' }, { a: 'first' }]);
  });

  test('may be in columns that are not read', async () => {
    const lines = Array.from({ length: 2000 }, (_, i) => `${i % 3},${text(i)},${i % 5}`);
    const rows = await objectsOf(`a,b,c\n${lines.join('\n')}\n`, { columns: ['c', 'a'] });
    expect(rows).toEqual(lines.map((_, i) => ({ c: String(i % 5), a: String(i % 3) })));
  });
});
