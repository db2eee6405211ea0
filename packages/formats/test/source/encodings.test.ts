import { csv, type CsvReadOptions, json, jsonl } from '@x/formats';
import { describe, expect, test } from 'vitest';

import { chunked, columnsOf, rowsOf } from '../bytes.ts';

const text = 'näme,b\n"Zoë\n",€\n😀,x\n';
const rows = [
  ['Zoë\n', '€'],
  ['😀', 'x'],
];

const utf16be = (value: string) => Buffer.from(value, 'utf16le').swap16();
const mark = '\ufeff';

async function expectRows(bytes: Buffer, options?: CsvReadOptions) {
  for (const size of [1, 2, 3, 5, 1000]) {
    const reader = csv().createReader(chunked(bytes, size), options);
    expect(await columnsOf(reader)).toEqual(['näme', 'b']);
    expect(await rowsOf(reader)).toEqual(rows);
  }
}

describe('a byte order mark tells the encoding', () => {
  test.each([
    ['UTF-8', Buffer.from(mark + text)],
    ['UTF-16 little endian', Buffer.from(mark + text, 'utf16le')],
    ['UTF-16 big endian', utf16be(mark + text)],
  ])('%s, whatever was told', async (_, bytes) => {
    await expectRows(bytes);
    await expectRows(bytes, { encoding: 'windows-1252' });
  });
});

describe('without a mark the encoding is as told', () => {
  test('UTF-16', async () => {
    await expectRows(Buffer.from(text, 'utf16le'), { encoding: 'utf-16le' });
    await expectRows(utf16be(text), { encoding: 'utf-16be' });
  });

  test('Latin-1 and Windows-1252', async () => {
    const bytes = Buffer.from('a\ncaf\xe9 \x80\n', 'latin1');
    for (const encoding of ['latin1', 'windows-1252', 'ISO-8859-1']) {
      expect(await rowsOf(csv().createReader(chunked(bytes), { encoding }))).toEqual([['café €']]);
    }
    expect(
      await rowsOf(
        jsonl().createReader(chunked(Buffer.from('{"a":"\xe9"}', 'latin1')), { encoding: 'latin1' }),
      ),
    ).toEqual([['é']]);
  });

  test('Shift_JIS', async () => {
    const bytes = Buffer.from([0x61, 0x0a, 0x93, 0xfa, 0x96, 0x7b, 0x0a]);
    expect(await rowsOf(csv().createReader(chunked(bytes, 3), { encoding: 'shift_jis' }))).toEqual([
      ['日本'],
    ]);
  });
});

describe('bytes that are no text', () => {
  test('are refused with a hint', async () => {
    await expect(
      rowsOf(csv().createReader(chunked(Buffer.from('a\n\xe9\n', 'latin1')))),
    ).rejects.toMatchObject({
      code: 'INVALID_TEXT',
      line: 2,
      column: 1,
      byteOffset: 2,
      hint: expect.stringContaining('windows-1252'),
    });
    const odd = Buffer.concat([Buffer.from(mark + text, 'utf16le'), Buffer.from([0x41])]);
    await expect(rowsOf(csv().createReader(chunked(odd)))).rejects.toMatchObject({ code: 'INVALID_TEXT' });
  });

  test('are refused where they would be text with zero bytes in it', async () => {
    for (const [bytes, encoding] of [
      [Buffer.from('a,b\n1,2\n', 'utf16le'), 'utf-16le'],
      [utf16be('a,b\n1,2\n'), 'utf-16be'],
    ] as const) {
      for (const size of [1, 1000]) {
        await expect(rowsOf(csv().createReader(chunked(bytes, size)))).rejects.toMatchObject({
          code: 'INVALID_TEXT',
          hint: expect.stringContaining(encoding),
        });
      }
      expect(await rowsOf(csv().createReader(chunked(bytes), { encoding }))).toEqual([['1', '2']]);
    }
  });

  test('are text with zero bytes where that is told', async () => {
    const bytes = Buffer.from('a\n', 'utf16le');
    const reader = csv().createReader(chunked(bytes), { encoding: 'utf-8' });
    expect(await columnsOf(reader)).toEqual(['a\0']);
    expect(await rowsOf(reader)).toEqual([['\0']]);
  });

  test('are refused with their place in other encodings, as far as it is known', async () => {
    const half = Buffer.from('a\nx\ud83dy\n', 'utf16le');
    await expect(
      rowsOf(csv().createReader(chunked(half, 4), { encoding: 'utf-16le' })),
    ).rejects.toMatchObject({
      code: 'INVALID_TEXT',
      problem: expect.stringMatching(/utf-16le, in the 12 bytes from byte 0 on/),
    });
  });

  test('are zero bytes in front of everything, as of a file that was never written, unless it is told that they are text', async () => {
    for (const length of [1, 3, 4, 3000]) {
      const zeros = Buffer.alloc(length);
      for (const format of [csv(), json(), jsonl()]) {
        await expect(rowsOf(format.createReader(chunked(zeros, 1000)))).rejects.toMatchObject({
          code: 'CORRUPT',
          byteOffset: 0,
          hint: expect.stringContaining('get it once more'),
        });
      }
    }
    const told = csv().createReader(chunked(Buffer.from('\0\0\0\0\nx\n')), { encoding: 'utf-8' });
    expect(await rowsOf(told)).toEqual([['x']]);
    expect(await rowsOf(csv().createReader(chunked(Buffer.from('\0a\n\0\n'))))).toEqual([['\0']]);
  });

  test('come after the rows in front of them, in other encodings by the kilobyte', async () => {
    const bytes = Buffer.from(`a\n${'x\n'.repeat(600)}\ud83dy\n`, 'utf16le');
    for (const size of [1, 1000, 1 << 20]) {
      const read = (limit: number) =>
        rowsOf(csv().createReader(chunked(bytes, size), { encoding: 'utf-16le', limit }));
      expect(await read(500)).toHaveLength(500);
      await expect(read(601)).rejects.toMatchObject({
        problem: 'the bytes are not utf-16le, in the 362 bytes from byte 2048 on',
      });
    }
  });

  test('are replaced on request', async () => {
    const options = { onInvalidText: 'replace' as const };
    const bytes = Buffer.from('a\nx\xe9y\n', 'latin1');
    expect(await rowsOf(csv().createReader(chunked(bytes, 2), options))).toEqual([['x\ufffdy']]);
  });
});

test('a byte position is of the source, with its mark, and there is none where the text was turned into UTF-8', async () => {
  const ragged = 'a,b\n1\n';
  await expect(rowsOf(csv().createReader(chunked(mark + ragged)))).rejects.toMatchObject({
    byteOffset: 7,
    column: 1,
  });
  await expect(
    rowsOf(csv().createReader(chunked(Buffer.from(mark + ragged, 'utf16le')))),
  ).rejects.toMatchObject({
    line: 2,
    column: 1,
    byteOffset: undefined,
  });
});
