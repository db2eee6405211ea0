import { xml, type XmlReadOptions, type XmlWriteOptions } from '@x/format-xml';
import { type DataType, rowsBatch, type Value } from '@x/formats';
import { MemorySink, MemorySource } from '@x/formats/contract-suite';
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { describe, expect, test } from 'vitest';

async function readAll(text: string | Uint8Array, options?: XmlReadOptions) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const reader = xml().createReader(new MemorySource(bytes, 50), options);
  const rows: (readonly Value[])[] = [];
  for await (const batch of reader) rows.push(...batch.rows());
  const { columns } = await reader.schema();
  return { names: columns.map(({ name }) => name), columns, rows };
}

async function written(
  columns: readonly (readonly [string, DataType['kind']])[],
  rows: readonly Value[][],
  options?: XmlWriteOptions,
) {
  const sink = new MemorySink();
  const writer = xml().createWriter(sink, options);
  const schema = { columns: columns.map(([name, kind]) => ({ name, type: { kind } as DataType })) };
  await writer.write(rowsBatch(schema, rows, 0));
  await writer.finish();
  return sink.text;
}

const catalog = `<?xml version="1.0" encoding="ISO-8859-1"?>
<!-- of nothing -->
<c:catalog xmlns:c="urn:c" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <c:book id="b&#49;" lang='de'>
    <title>M\u00fcller &amp; <![CDATA[<S\u00f6hne>]]></title>
    <author>A</author><author>B</author>
    <price currency="EUR">1.50</price>
    <note xsi:nil="true"/>
  </c:book>
  <c:book id="b2"><title/><author>C</author><late>x</late></c:book>
</c:catalog>`;

describe('documents', () => {
  test('attributes, lists, namespaces, text, CDATA, nil, and an encoding', async () => {
    const { names, rows } = await readAll(Buffer.from(catalog, 'latin1'));
    expect(names).toEqual(['@id', '@lang', 'title', 'author', 'price', 'note', 'late']);
    expect(rows).toEqual([
      [
        'b1',
        'de',
        'M\u00fcller & <S\u00f6hne>',
        ['A', 'B'],
        { '@currency': 'EUR', '#text': '1.50' },
        null,
        undefined,
      ],
      ['b2', undefined, '', 'C', undefined, undefined, 'x'],
    ]);
  });

  test('lists that are always lists, and rows wherever they are', async () => {
    const text =
      '<a><head>x</head><n:list xmlns:n="u"><n:b><k>1</k></n:b><n:b><k>2</k><k>3</k></n:b></n:list></a>';
    const { rows } = await readAll(text, { record: 'n:b', lists: ['k'], prefixes: 'strip' });
    expect(rows).toEqual([[['1']], [['2', '3']]]);
    await expect(readAll(text)).rejects.toMatchObject({
      code: 'NOT_A_LIST',
      line: 1,
      hint: expect.stringContaining('record'),
    });
  });

  test('types, where they are asked for', async () => {
    const text =
      '<r><i><a>1</a><b>0.5</b><c>01</c><d>true</d></i><i><a>2</a><b>2</b><c>2</c><d>false</d></i></r>';
    const { columns, rows } = await readAll(text, { types: 'infer' });
    expect(columns.map(({ type }) => type.kind)).toEqual(['integer', 'float64', 'string', 'boolean']);
    expect(rows).toEqual([
      [1, 0.5, '01', true],
      [2, 2, '2', false],
    ]);
  });

  test('UTF-16, as its first bytes say', async () => {
    expect((await readAll(Buffer.from('\ufeff<r><i><a>é</a></i></r>', 'utf16le'))).rows).toEqual([['é']]);
  });

  test.each([
    ['an entity of its own', '<!DOCTYPE r [<!ENTITY a "x">]><r><i>&a;</i></r>', 'CORRUPT'],
    [
      'a file of another',
      '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r><i>&a;</i></r>',
      'CORRUPT',
    ],
    ['an open element', '<r><i>', 'TRUNCATED'],
    ['a wrong end', '<r><i></r>', 'CORRUPT'],
    ['a prefix of nothing', '<r><n:i/></r>', 'CORRUPT'],
    ['nothing', '', 'TRUNCATED'],
    ['an unknown encoding', '<?xml version="1.0" encoding="none"?><r/>', 'UNSUPPORTED'],
    ['wrong bytes', Buffer.from('<r><i>\u00ff</i></r>', 'latin1'), 'INVALID_TEXT'],
  ])('%s is an error', async (_, text, code) => {
    await expect(readAll(text)).rejects.toMatchObject({ code, format: 'xml' });
  });

  test('an error says its line', async () => {
    await expect(readAll('<r>\n  <i></j>\n</r>')).rejects.toMatchObject({
      line: 2,
      problem: 'unexpected close tag',
    });
  });

  test('elements inside each other, and a record without an end', async () => {
    await expect(readAll(`<r>${'<a>'.repeat(300)}`)).rejects.toMatchObject({ code: 'LIMIT' });
    await expect(
      readAll(`<r><a>${'x'.repeat(5000)}</a></r>`, { maxRecordBytes: 1000 }),
    ).rejects.toMatchObject({ code: 'LIMIT' });
  });
});

describe('with fast-xml-parser', () => {
  const orders = [
    { '@id': '1', name: 'Ada <b> & "c"', tags: ['x', 'y'], buyer: { '@vip': 'true', city: 'Köln' } },
    { '@id': '2', name: '', tags: ['z', ' w '], buyer: { '@vip': 'false', city: 'Ulm' } },
  ];
  const options = {
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    trimValues: false,
    suppressBooleanAttributes: false,
  };

  test('what it builds is read', async () => {
    const text = new XMLBuilder({ ...options, format: true }).build({ orders: { order: orders } });
    const { names, rows } = await readAll(text);
    expect(names).toEqual(['@id', 'name', 'tags', 'buyer']);
    expect(rows).toEqual(orders.map((order) => Object.values(order)));
  });

  test('what is written is parsed by it', async () => {
    const rows = orders.map((order): Value[] => Object.values(order));
    const columns = ['@id', 'name', 'tags', 'buyer'].map((name) => [name, 'any'] as const);
    const text = await written(columns, rows, { root: 'orders', record: 'order' });
    const parsed = new XMLParser({ ...options, htmlEntities: false }).parse(text) as {
      orders: { order: unknown };
    };
    expect(
      JSON.parse(
        JSON.stringify(parsed.orders.order, (key, value: unknown) => (key === '#text' ? undefined : value)),
      ),
    ).toEqual(orders);
  });
});

describe('what is written', () => {
  test('is an element a value', async () => {
    expect(
      await written(
        [
          ['a', 'any'],
          ['b c', 'any'],
        ],
        [
          [1, null],
          ['<&>\r', [true, null]],
        ],
        { names: 'encode' },
      ),
    ).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<rows xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<row><a>1</a><b_x0020_c xsi:nil="true"/></row>
<row><a>&lt;&amp;&gt;&#xD;</a><b_x0020_c>true</b_x0020_c><b_x0020_c xsi:nil="true"/></row>
</rows>
`,
    );
  });

  test('has names that XML allows', async () => {
    await expect(written([['b c', 'any']], [[1]])).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      field: 'b c',
      hint: expect.stringContaining('encode'),
    });
    expect(() => xml().createWriter({ write: () => undefined }, { record: 'a b' })).toThrow(
      expect.objectContaining({ code: 'BAD_OPTION' }),
    );
  });

  test('has no list directly in a list', async () => {
    await expect(written([['a', 'any']], [[[[1]]]])).rejects.toMatchObject({
      code: 'UNREPRESENTABLE',
      row: 1,
      field: 'a',
    });
  });
});
