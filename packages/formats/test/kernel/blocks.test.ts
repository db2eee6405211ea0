// The kernel goes through delimited text 64 bytes at a time; what it knows of the block before must be right.
import { describe, expect, test } from 'vitest';

import { csvReader, outcome, writtenBy } from './paths.ts';

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
