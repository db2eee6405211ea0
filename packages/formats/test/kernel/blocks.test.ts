// The kernel goes through delimited text 64 bytes at a time; what it knows of the block before must be right.
import { describe, expect, test } from 'vitest';

import { csvReader, jsonReader, outcome, writtenBy } from './paths.ts';

const inOrder = {
  'a quote that is doubled': '"q""q""",x\n',
  'an empty cell in quotes': '"",""\n',
  'a line break in quotes': '"q\nq","\n"\n',
  'a CRLF in quotes': '"q\r\nq",x\r\n',
  'a delimiter in quotes': '",",","\n',
  'what JSON escapes': 'back\\slash,"tab\t"\n',
  'text beyond ASCII': '"é",王\n',
  'a blank line': '\nx,y\n',
  'a CR alone': 'x,y\rz,"z"\r',
  'a delimiter of the output': 'x|y,"x|y"\n',
};

const refused = {
  'text after a closing quote': `""${'ü'.repeat(40)},x\n`,
  'text after a quoted cell': '"x"y,z\n',
  'a cell too few': 'x\n',
  'a cell too many': 'x,y,z\n',
  'an open quote': 'x,"y\n',
};

/** The snippet between rows of its kind, at every place that a block can begin. */
function* texts(snippet: string): Generator<Buffer> {
  for (let i = 0; i < 64; i++)
    yield Buffer.from(`a,b\n${'x'.repeat(i)},"y"\n${snippet}${snippet}z,"z, ""z"""\nz,z\n`);
}

describe('at every place of a block', () => {
  test.each(Object.entries({ ...inOrder, ...refused }))(
    '%s is read as by the reference',
    async (_, snippet) => {
      for (const text of texts(snippet)) {
        const read = (kernel: boolean) =>
          outcome((all, by) => csvReader(text, all, by), {}, { kernel, cuts: [] });
        expect(await read(true)).toEqual(await read(false));
      }
    },
  );

  test.each(Object.entries(inOrder))('%s is written as its value is', async (_, snippet) => {
    for (const text of texts(snippet)) {
      const written = (through: 'asItIs' | 'values') =>
        writtenBy(csvReader(text, {}, { kernel: true, cuts: [] }), { delimiter: '|' }, through);
      expect(await written('asItIs')).toEqual(await written('values'));
    }
  });
});

test.each([
  '[{"a":1}, 12 , {"a":2,"a":3,"b":[1,{"c":"]"}]} ,"x",{"a":tru\u00e9}]',
  '[{"a":1},{"a":{"x":1,"x":2},"a":1},[1,[2],3] ]',
])('items that are left out, wherever what is in memory ends: %s', async (text) => {
  const bytes = Buffer.from(text);
  const read = (kernel: boolean, windowBytes: number) =>
    outcome(
      (all, by) => jsonReader(bytes, 'items', all, by),
      { leavesOut: true, scanLimit: 1 },
      { kernel, cuts: [], sizes: { windowBytes, cells: 65_536 } },
    );
  const whole = await read(false, 1 << 18);
  for (let windowBytes = 1; windowBytes <= bytes.length; windowBytes++) {
    expect(await read(true, windowBytes)).toEqual(whole);
    expect(await read(false, windowBytes)).toEqual(whole);
  }
});

test('a line that ends within a cell is counted, wherever what is in memory ends', async () => {
  const bytes = Buffer.from('c0\n\\\n\n"x\ny"\n"\\\r"\n\\\r\n"z');
  const read = (windowBytes: number) =>
    outcome(
      (all, by) => csvReader(bytes, all, by),
      { escape: '\\' },
      { kernel: false, cuts: [], sizes: { windowBytes, cells: 65_536 } },
    );
  expect(await read(1 << 18)).toMatchObject({ error: { code: 'OPEN_QUOTE', line: 9, column: 1 } });
  for (let windowBytes = 1; windowBytes <= bytes.length; windowBytes++) {
    expect(await read(windowBytes)).toMatchObject({ error: { code: 'OPEN_QUOTE', line: 9, column: 1 } });
  }
});
