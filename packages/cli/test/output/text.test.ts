import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';

import { printWithList } from '../../src/output/print.ts';
import { barLine, looking, progressLines } from '../../src/output/progress.ts';
import { clock, count, duration, size } from '../../src/output/quantity.ts';
import { plain, styleFor } from '../../src/output/style.ts';
import { table } from '../../src/output/table.ts';
import { fitted, visible, width } from '../../src/output/visible-text.ts';

describe('quantities', () => {
  test.for([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1_234_567, '1,234,567'],
  ] as const)('count %i', ([n, text]) => expect(count(n)).toBe(text));

  test.for([
    [999, '999 B'],
    [1000, '1.00 kB'],
    [999_499, '999 kB'],
    [999_500, '1.00 MB'],
    [5.63e9, '5.63 GB'],
  ] as const)('size %i', ([n, text]) => expect(size(n)).toBe(text));

  test.for([
    [120, '0.12 s'],
    [9994, '9.99 s'],
    [9996, '10 s'],
    [59_600, '1:00'],
    [3_723_000, '1:02:03'],
  ] as const)('duration %i', ([n, text]) => expect(duration(n)).toBe(text));

  test('clock', () => expect([9, 187, 3723].map(clock)).toEqual(['0:09', '3:07', '1:02:03']));
});

describe('text on a terminal', () => {
  test('control characters are shown, not obeyed', () => {
    expect(visible('a\nb\t\u001B[31m\u0000\u202E\u0085é')).toBe(String.raw`a\nb\t\x1b[31m\x00\u202e\x85é`);
  });

  test('wide and combining characters are counted as they are drawn', () => {
    expect(['abc', '東京', 'e\u0301', '👍', ''].map(width)).toEqual([3, 4, 1, 2, 0]);
  });

  test('what is cut ends in an ellipsis and fits', () => {
    expect(fitted('abcdef', 4)).toBe('abc…');
    expect(fitted('東京都庁', 4)).toBe('東…');
    expect(fitted('abcd', 4)).toBe('abcd');
  });
});

describe('a table', () => {
  const columns = [{ title: 'id', align: 'right' as const }, { title: 'name' }];

  test('numbers on the right, a dot for a cell that is not there', () => {
    expect(
      table(
        columns,
        [
          ['1', 'a'],
          ['22', undefined],
        ],
        plain,
        { width: undefined },
      ),
    ).toBe('id  name\n──  ────\n 1  a\n22  ·\n');
  });

  test('fits the room: cells are cut, then columns left out and named', () => {
    const many = Array.from({ length: 9 }, (_, i) => ({ title: `column number ${i}` }));
    const text = table(many, [many.map(({ title }) => title)], plain, { width: 40 });
    for (const line of text.split('\n')) expect(width(line)).toBeLessThanOrEqual(40);
    expect(text).toContain('… and 6 more: column number 3');
  });

  test('ten thousand columns are no matter', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ title: `c${i}` }));
    expect(table(many, [], plain, { width: 80 }).split('\n')[0]!.length).toBeLessThanOrEqual(80);
  });
});

describe('json with a long list', () => {
  test.for([0, 1, 999, 1000, 1001, 2500])(
    'of %i items is one object on one line, in pieces',
    async (length) => {
      const pieces: string[] = [];
      const stream = new Writable({
        write: (chunk, _encoding, done) => (pieces.push(String(chunk)), done()),
      });
      const items = Array.from({ length }, (_none, i) => ({ i, name: 'a\nb' }));
      await printWithList(stream, { sum: 1n }, 'items', items, ({ i, name }) => ({ i, name }));
      const text = pieces.join('');
      expect(text.indexOf('\n')).toBe(text.length - 1);
      expect(JSON.parse(text)).toEqual({ sum: '1', items });
      for (const piece of pieces) expect(piece.length).toBeLessThan(40_000);
    },
  );
});

describe('progress', () => {
  const position = { rowsRead: 1_234_567, bytesRead: 5e7, bytesTotal: 1e8, elapsedMs: 2000 };

  test('share, bytes, rows, rate, time left', () => {
    expect(barLine('out.csv', position, plain, 120)).toBe(
      `out.csv  ${'━'.repeat(15)}${'─'.repeat(15)}   50%  50.0 MB of 100 MB  1,234,567 rows  25.0 MB/s  0:02 left`,
    );
  });

  test('without a total: no share, and the time that has passed', () => {
    const { bytesTotal: _, ...rest } = position;
    const line = barLine('stdin', { ...rest, bytesTotal: undefined }, plain, 120);
    expect(line).toBe('stdin  50.0 MB  1,234,567 rows  25.0 MB/s  0:02');
  });

  test('files that were skipped count as done', () => {
    const resumed = { rowsRead: 0, bytesRead: 1e6, bytesTotal: 1e8, percent: 75, elapsedMs: 1000 };
    const line = barLine('out', { ...resumed, filesDone: 75, filesTotal: 100 }, plain, 120);
    expect(line).toMatch(/━{22}─{8} {2}75 of 100 files {3}75% .* 0:25 left$/);
  });

  test.for([
    [50, ' 50%  50.0 MB of 100 MB  25.0 MB/s  0:02 left'],
    [40, ' 50%  50.0 MB of 100 MB  0:02 left'],
    [20, ' 50%  0:02 left'],
  ] as const)('in %i columns it says what matters most', ([columns, line]) =>
    expect(barLine('out.csv', position, plain, columns)).toBe(line),
  );

  test.for([100, 80, 60, 40, 20])('never wider than %i columns', (columns) => {
    const name = 'a-very-long-name-of-a-file-in-some-folder.jsonl.zst';
    expect(
      width(barLine(name, { ...position, filesDone: 3, filesTotal: 200 }, plain, columns)),
    ).toBeLessThanOrEqual(columns);
  });

  test('while files are looked for, how many there are so far', () => {
    const line = barLine('out', { ...looking(12_000), elapsedMs: 65_000 }, plain, 80);
    expect(line).toBe('out  looking for files: 12,000 found  1:05');
    expect(width(barLine('out', looking(12_000), plain, 20))).toBeLessThanOrEqual(20);
  });

  test('plain lines come at most once an interval', () => {
    const lines: string[] = [];
    const display = progressLines('out.csv', { write: (text) => lines.push(text) }, 1000);
    for (const found of [0, 1_000_000]) display.update(looking(found));
    for (const elapsedMs of [10, 999, 1000, 1500, 2100]) display.update({ ...position, elapsedMs });
    expect(lines).toEqual(Array(2).fill('out.csv: 1,234,567 rows, 50.0 MB (50%) so far\n'));
    display.update({ ...position, elapsedMs: 4000, filesDone: 3, filesTotal: 4, percent: 75 });
    expect(lines.at(-1)).toBe('out.csv: 3 of 4 files, 1,234,567 rows, 50.0 MB (75%) so far\n');
  });
});

describe('colour', () => {
  test.for([
    [{ isTTY: true }, {}, true, true],
    [{ isTTY: false }, {}, true, false],
    [{ isTTY: true }, { NO_COLOR: '1' }, true, false],
    [{ isTTY: true }, { TERM: 'dumb' }, true, false],
    [{ isTTY: true }, {}, false, false],
    [{ isTTY: false }, { FORCE_COLOR: '1' }, true, true],
    [{ isTTY: true }, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ] as const)('%j %j --color=%s', ([stream, env, wanted, coloured]) => {
    expect(styleFor(stream, env, wanted).red('x')).toBe(coloured ? '\u001B[31mx\u001B[39m' : 'x');
  });
});
