import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { html } from '@x/format-html';
import type { Value } from '@x/formats';
import { readRows, writeRows } from '@x/formats/contract-suite';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import { describe, expect, test } from 'vitest';

type Node = DefaultTreeAdapterTypes.Node;

function* elements(node: Node, name: string): Generator<DefaultTreeAdapterTypes.Element> {
  if (!('childNodes' in node)) return;
  for (const child of node.childNodes) {
    if ('tagName' in child && child.tagName === name) yield child;
    yield* elements(child, name);
  }
}

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

test('what the shell of SQLite writes is read', async () => {
  const file = readFileSync(join(import.meta.dirname, 'fixtures/sqlite.html'));
  expect(await readRows(html(), file, { types: 'infer' })).toMatchObject({
    names: ['id', 'name', 'ratio', 'note'],
    rows: [
      [1, 'a <b> & "c"', 0.5, ''],
      [2, 'Zoë', 1e21, 'x y'],
    ],
  });
});

test('what is written is a document for parse5, with nothing to repair', async () => {
  const rows: Value[][] = [
    ['a <b> & "c"', ' spaces ', 'two\nlines', null],
    ["</td><script>alert('x')</script>", '\n\nx', '\ttab', 'é😀'],
    ['&amp;', '\r\n', '', '--><!--'],
  ];
  const text = (await writeRows(html(), ['a', 'b&c', ' d', 'e'], rows, { title: '</title><b>' })).toString();
  const errors: string[] = [];
  const document = parse(text, { onParseError: ({ code }) => errors.push(code) });
  // A return that is written as a character is one for the parser, too, but it says that it would rather not.
  expect(errors).toEqual(['control-character-reference']);
  expect([...elements(document, 'th')].map(textOf)).toEqual(['a', 'b&c', ' d', 'e']);
  const cells = [...elements(document, 'td')].map(textOf);
  expect(cells).toEqual(rows.flat().map((value) => value ?? ''));
  expect([...elements(document, 'script'), ...elements(document, 'b')]).toEqual([]);
});

describe('tables as people write them', () => {
  // HTML, 4.9.1 and 4.9.12.
  test('cells that span rows and columns are in each of them', async () => {
    const text = `<table>
      <thead><tr> <th> ID <th> Measurement <th> Average <th> Maximum
      <tbody>
      <tr> <td> <th scope=rowgroup> Cats <td> <td>
      <tr> <td> 93 <th scope=row> Legs <td> 3.5 <td> 4
      </tbody>
      <tbody><tr> <td rowspan=2> 10 <td colspan="2"> Tails &amp;c. <td> 1 <tr><td>x<td>y<td>z</tbody>
    </table>`;
    const { names, rows } = await readRows(html(), text);
    expect(names).toEqual(['ID', 'Measurement', 'Average', 'Maximum']);
    expect(rows).toEqual([
      ['', 'Cats', '', ''],
      ['93', 'Legs', '3.5', '4'],
      ['10', 'Tails &c.', 'Tails &c.', '1'],
      ['10', 'x', 'y', 'z'],
    ]);
  });

  test('a header of two rows, and one of which names are missing', async () => {
    const text = `<table><thead><tr><th rowspan=2>City<th colspan=2>People</tr><tr><th>2010<th>2020</tr></thead>
      <tr><td>Ulm<td>1<td>2</table>`;
    expect(await readRows(html(), text)).toMatchObject({
      names: ['City', 'People.2010', 'People.2020'],
      rows: [['Ulm', '1', '2']],
    });
    // As pandas writes its index.
    const index =
      '<table border="1" class="dataframe"><thead><tr><th></th><th>a</th><th>a</th></tr></thead><tbody><tr><th>0</th><td>1</td><td>2</td></tr></tbody></table>';
    await expect(readRows(html(), index)).rejects.toMatchObject({
      code: 'EMPTY_COLUMN_NAME',
      line: 1,
      hint: expect.stringContaining('onEmptyColumnName'),
    });
    await expect(readRows(html(), index, { onEmptyColumnName: 'rename' })).rejects.toMatchObject({
      code: 'DUPLICATE_COLUMN',
    });
    const renamed = await readRows(html(), index, {
      onEmptyColumnName: 'rename',
      onDuplicateColumn: 'rename',
    });
    expect(renamed).toMatchObject({ names: ['column1', 'a', 'a_2'], rows: [['0', '1', '2']] });
  });

  test('no header, and one that is told', async () => {
    const text = '<table><tr><td>a<td>b<tr><td>1<td>2</table>';
    expect(await readRows(html(), text)).toMatchObject({
      names: ['column1', 'column2'],
      rows: [
        ['a', 'b'],
        ['1', '2'],
      ],
    });
    expect(await readRows(html(), text, { header: 'first' })).toMatchObject({
      names: ['a', 'b'],
      rows: [['1', '2']],
    });
    const headed = '<table><tr><th>a<tr><td>1</table>';
    expect(await readRows(html(), headed, { header: 'none' })).toMatchObject({
      names: ['column1'],
      rows: [['a'], ['1']],
    });
  });

  test('text as it is shown', async () => {
    const cells: [string, string][] = [
      ['  a \n b  ', 'a b'],
      ['a<br>b<br/>', 'a\nb\n'],
      ['<p>a</p><p> b </p>', 'a\nb'],
      ['<ul><li>a<li><b>b</b>c</ul>', 'a\nbc'],
      ['a<script>x</script><style>y</style><!-- z -->b', 'ab'],
      ['&lt;i&gt; &nbsp; &#x1F600;', '<i> \u00a0 😀'],
      ['<pre>\n  a\n b </pre>', '  a\n b '],
      ['<table><tr><td>x<td>y</table>', 'xy'],
      ['<a href="u">l</a> <em>m</em>', 'l m'],
    ];
    for (const [cell, text] of cells) {
      expect([cell, (await readRows(html(), `<table><tr><td>${cell}</td></tr></table>`)).rows]).toEqual([
        cell,
        [[text]],
      ]);
    }
  });

  test('the encoding that the document says', async () => {
    const text =
      '<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1252"></head><table><tr><td>é</table>';
    expect((await readRows(html(), Buffer.from(text, 'latin1'))).rows).toEqual([['é']]);
    await expect(
      readRows(html(), Buffer.from(text.replace('windows-1252', 'utf-8'), 'latin1')),
    ).rejects.toMatchObject({ code: 'INVALID_TEXT' });
  });
});
