import { html } from '@x/format-html';
import { MemorySource, readRows, writeRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

describe('which table', () => {
  const text =
    '<table id=a><tr><td>1</table><p>x</p><table id="b"><tr><td><table><tr><td>2</table></table><table><tr><td>3</table>';

  test('by its number or its id; several are refused where none is named', async () => {
    expect((await readRows(html(), text, { table: 1 })).rows).toEqual([['1']]);
    expect((await readRows(html(), text, { table: 'b' })).rows).toEqual([['2']]);
    expect((await readRows(html(), text, { table: 3 })).rows).toEqual([['2']]);
    expect((await readRows(html(), text, { table: 4 })).rows).toEqual([['3']]);
    for (const [file, options] of [
      [text, {}],
      [text, { table: 5 }],
      [text, { table: 'c' }],
      ['<p>no table</p>', {}],
      ['', {}],
    ] as const) {
      await expect(readRows(html(), file, options)).rejects.toMatchObject({
        code: 'NOT_A_LIST',
        hint: expect.stringContaining('table'),
      });
    }
  });

  test('what is behind the one that is named is not read', async () => {
    const source = new MemorySource(
      Buffer.from(`<table><tr><td>1</table>${'<p>x</p>'.repeat(100_000)}`),
      4096,
    );
    const rows = [];
    for await (const batch of html().createReader(source, { table: 1 })) rows.push(...batch.rows());
    expect(rows).toEqual([['1']]);
  });
});

describe('limits', () => {
  test.each([
    ['elements', '<table><tr><td>', '<b>', 2000],
    ['elements around the table', '', '<div>', 2000],
    ['tables', '', '<table><tr><td>', 2000],
  ])('%s inside each other', async (_, before, level, levels) => {
    await expect(readRows(html(), `${before}${level.repeat(levels)}`)).rejects.toMatchObject({
      code: 'LIMIT',
      hint: 'raise maxDepth',
    });
  });

  test.each([
    ['a cell', `<table><tr><td>${'x '.repeat(1000)}</table>`],
    ['a comment', `<table><!-- ${'x\n'.repeat(1000)}`],
    ['a tag', `<table x="${'x\n'.repeat(1000)}`],
    ['a cell in many columns', `<table><tr><td colspan=1000>xxxxx</table>`],
  ])('%s that is too long', async (_, text) => {
    await expect(readRows(html(), text, { maxRecordLength: 1000 })).rejects.toMatchObject({
      code: 'LIMIT',
      hint: 'raise maxRecordLength',
    });
  });

  test('columns of colspan, and rows of rowspan', async () => {
    await expect(
      readRows(html(), `<table><tr>${'<td colspan=1000>x'.repeat(20)}</table>`),
    ).rejects.toMatchObject({ code: 'LIMIT', hint: expect.stringContaining('colspan') });
    expect((await readRows(html(), '<table><tr><td rowspan=999999999>x<tr></tr><tr></table>')).rows).toEqual([
      ['x'],
      ['x'],
      ['x'],
    ]);
    expect((await readRows(html(), '<table><tr><td colspan=0 rowspan=-1>x</table>')).rows).toEqual([['x']]);
  });
});

describe('what is refused', () => {
  test('rows that are ragged, in their line, or padded where that is asked for', async () => {
    const text = '<table>\n<tr><th>a<th>b\n<tr><td>1\n<tr><td>2<td>3</table>';
    await expect(readRows(html(), text)).rejects.toMatchObject({
      code: 'RAGGED_ROW',
      line: 3,
      row: 1,
      hint: expect.stringContaining('pad'),
    });
    expect((await readRows(html(), text, { onRagged: 'pad' })).rows).toEqual([
      ['1', null],
      ['2', '3'],
    ]);
    await expect(
      readRows(html(), text.replace('<td>3', '<td>3<td>4'), { onRagged: 'pad' }),
    ).rejects.toMatchObject({ code: 'RAGGED_ROW', line: 4 });
  });

  test('a table that does not end', async () => {
    await expect(readRows(html(), '<table><tr><td>1</td></tr>\n')).rejects.toMatchObject({
      code: 'TRUNCATED',
      line: 2,
    });
    await expect(readRows(html(), '<table><tr><td>1</td></tr></tab')).rejects.toMatchObject({
      code: 'TRUNCATED',
    });
  });

  test('names that objects have', async () => {
    const { names, rows } = await readRows(
      html(),
      await writeRows(html(), ['2024', '__proto__', 'a'], [['1', '2', '3']]),
    );
    expect([names, rows]).toEqual([['2024', '__proto__', 'a'], [['1', '2', '3']]]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test.each([
    [{ table: 0 }, 'table'],
    [{ header: 'x' }, 'header'],
    [{ onRagged: 'x' }, 'onRagged'],
  ])('the option %j', (options, name) => {
    expect(() => html().createReader(new MemorySource(new Uint8Array(0)), options as never)).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION', problem: expect.stringContaining(name) }),
    );
  });
});
