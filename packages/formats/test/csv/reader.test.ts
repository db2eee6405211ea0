import { csv, psv, ssv, tsv, type CsvReadOptions } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, columnsOf, rowsOf } from '../bytes.ts';

const read = (text: string | Uint8Array, options?: CsvReadOptions, chunkSize?: number) =>
  csv().createReader(chunked(text, chunkSize), options);

describe('cells', () => {
  test('a header and rows of text', async () => {
    const reader = read('id,name\n1,Ada\n2,Grace\n');
    expect(await columnsOf(reader)).toEqual(['id', 'name']);
    expect(await rowsOf(reader)).toEqual([
      ['1', 'Ada'],
      ['2', 'Grace'],
    ]);
  });

  test.each(['\n', '\r\n', '\r'])('records that end with %j, the last one or not', async (end) => {
    for (const lastEnd of [end, '']) {
      expect(await rowsOf(read(`a,b${end}1,2${end}3,${lastEnd}`))).toEqual([
        ['1', '2'],
        ['3', ''],
      ]);
    }
  });

  test('quoted cells hold delimiters, line breaks and doubled quotes', async () => {
    expect(await rowsOf(read('a,b\n"1,5","two\r\nlines"\n"say ""hi""",""\n""""""," x"\n'))).toEqual([
      ['1,5', 'two\r\nlines'],
      ['say "hi"', ''],
      ['""', ' x'],
    ]);
  });

  test('a quote inside an unquoted cell is text', async () => {
    expect(await rowsOf(read('a,b\n5" disk,6"\n'))).toEqual([['5" disk', '6"']]);
  });

  test('the same rows however the bytes are cut into chunks', async () => {
    const text = '\ufeffa,"b ""x"""\r\n"1\r\n2",é\r\n3,"😀"\r\n"",\r\n';
    const rows = [
      ['1\r\n2', 'é'],
      ['3', '😀'],
      ['', ''],
    ];
    for (let size = 1; size <= Buffer.byteLength(text); size++) {
      const reader = read(text, undefined, size);
      expect(await columnsOf(reader)).toEqual(['a', 'b "x"']);
      expect(await rowsOf(reader)).toEqual(rows);
    }
  });

  test('a record longer than any buffer', async () => {
    const long = 'x'.repeat(3_000_000);
    expect(await rowsOf(read(`a,b\n"${long}",1\n2,${long}`, undefined, 65_536))).toEqual([
      [long, '1'],
      ['2', long],
    ]);
  });

  test('more rows than a buffer holds, with their positions', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `${i},"value ${i}"`);
    let next = 0;
    for await (const batch of read(`n,text\n${lines.join('\n')}`, undefined, 10_000)) {
      expect(batch.firstRow).toBe(next);
      for (const row of batch.rows()) expect(row).toEqual([`${next}`, `value ${next++}`]);
    }
    expect(next).toBe(50_000);
  });

  test('the delimiter of each format, and a chosen one', async () => {
    const cases = [
      [tsv(), '\t', undefined],
      [psv(), '|', undefined],
      [ssv(), ';', undefined],
      [csv(), '^', { delimiter: '^', quote: "'" }],
    ] as const;
    for (const [format, d, options] of cases) {
      const q = options?.quote ?? '"';
      const reader = format.createReader(chunked(`a${d}b\n${q}1${d}${q}${d}2,3\n`), options);
      expect(await rowsOf(reader)).toEqual([[`1${d}`, '2,3']]);
    }
  });

  test('leaving the loop ends the source', async () => {
    let ended = false;
    async function* source() {
      try {
        for (;;) yield Buffer.from('a,b\n'.repeat(100_000));
      } finally {
        ended = true;
      }
    }
    for await (const _ of csv().createReader(source())) break;
    expect(ended).toBe(true);
  });
});

describe('header', () => {
  test('without one the columns are numbered', async () => {
    const reader = read('1,2\n', { header: false });
    expect(await columnsOf(reader)).toEqual(['column1', 'column2']);
    expect(await rowsOf(reader)).toEqual([['1', '2']]);
  });

  test('an empty file has no columns and no rows', async () => {
    for (const text of ['', '\ufeff']) {
      const reader = read(text);
      expect(await columnsOf(reader)).toEqual([]);
      expect(await rowsOf(reader)).toEqual([]);
    }
  });

  test('names such as 2024 and __proto__ keep their place', async () => {
    expect(await columnsOf(read('b,2024,__proto__,a\n'))).toEqual(['b', '2024', '__proto__', 'a']);
  });
});

describe('blank lines', () => {
  test('are nothing between rows of several cells', async () => {
    expect(await rowsOf(read('a,b\n\n1,2\n\r\n\n'))).toEqual([['1', '2']]);
  });

  test('are an empty cell where a row has one', async () => {
    expect(await rowsOf(read('a\n1\n\n2\n'))).toEqual([['1'], [''], ['2']]);
  });
});

describe('refused, with the place', () => {
  test.each([
    ['a,b\n1,2\n3\n', { code: 'RAGGED_ROW', line: 3, column: 1, byteOffset: 8, row: 2 }],
    ['a,b\n"1\n\n",2\n3,é,5\n', { code: 'RAGGED_ROW', line: 5, column: 5, byteOffset: 17, row: 2 }],
    ['a,b\r\n1,"x\r\n2,3\r\n', { code: 'OPEN_QUOTE', line: 2, column: 3, byteOffset: 7 }],
    ['a,b\n1,"x"y\n', { code: 'TEXT_AFTER_QUOTE', line: 2, column: 6, byteOffset: 9 }],
    ['a,a\n1,2\n', { code: 'DUPLICATE_COLUMN', line: 1, column: 3, byteOffset: 2, field: 'a' }],
    ['a,\n1,2\n', { code: 'EMPTY_COLUMN_NAME', line: 1, column: 3, byteOffset: 2 }],
  ])('%j', async (text, place) => {
    for (const size of [1, 1000]) {
      await expect(rowsOf(read(text, undefined, size))).rejects.toMatchObject({ format: 'csv', ...place });
    }
  });

  test.each([
    ['a Latin-1 byte', Buffer.from('a,b\n1,caf\xe9\n', 'latin1'), 9],
    [
      'a cut sequence at the end',
      Buffer.concat([Buffer.from('a,b\n1,2\n3,é'), Buffer.from([0xe2, 0x82])]),
      12,
    ],
    ['a surrogate', Buffer.concat([Buffer.from('a\nx'), Buffer.from([0xed, 0xa0, 0x80])]), 3],
    ['bytes of continuation only', Buffer.concat([Buffer.from('a\n'), Buffer.alloc(100, 0x80)]), 2],
  ])('%s', async (_, bytes, byteOffset) => {
    await expect(rowsOf(read(bytes))).rejects.toMatchObject({ code: 'INVALID_TEXT', byteOffset });
  });

  test('the line is right after many batches', async () => {
    const text = `a,b\n${'1,"x\ny"\n'.repeat(100_000)}1,2,3\n`;
    await expect(rowsOf(read(text))).rejects.toMatchObject({ line: 200_002, row: 100_001 });
  });

  test.each([{ delimiter: ';;' }, { delimiter: '\n' }, { quote: 'é' }, { delimiter: '"' }])(
    '%j',
    (options) => {
      expect(() => read('', options)).toThrow(expect.objectContaining({ code: 'BAD_OPTION' }));
    },
  );
});
