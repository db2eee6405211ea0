import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';

import { formats } from '@x/formats';
import { convert } from '@x/convert';

import { pairs } from './fixtures/pairs-format.mjs';
import { table, test } from './scratch.ts';

describe('an option that the format does not have is refused', () => {
  test('of the source, of the destination, with the near one', async ({ folder, put }) => {
    const [source] = await put({ 'a.csv': table(1) });
    const run = (options: object) => convert(source!, join(folder, 'b.csv'), options);
    const refusal = (message: string, hint: unknown) => ({
      name: 'ConvertError',
      code: 'BAD_OPTION',
      format: 'csv',
      message,
      hint,
    });
    for (const [options, message, hint] of [
      [{ from: { delimeter: ';' } }, 'csv has no option from.delimeter', 'did you mean from.delimiter?'],
      [{ from: { colums: ['a'] } }, 'csv has no option from.colums', 'did you mean from.columns?'],
      [{ from: { codek: 'gzip' } }, 'csv has no option from.codek', 'did you mean from.codec?'],
      [{ from: { quoting: 'all' } }, 'csv has no option from.quoting', 'did you mean to.quoting?'],
      [{ to: { lineEndings: '\n' } }, 'csv has no option to.lineEndings', 'did you mean to.lineEnding?'],
      [{ to: { comment: '#' } }, 'csv has no option to.comment', 'did you mean from.comment?'],
      [{ to: { xyzzy: 1 } }, 'csv has no option to.xyzzy', expect.stringMatching(/^options are .*quoting/)],
      // Who takes bad rows away from the run would take them out of its counts.
      [{ from: { onBadRow: () => {} } }, 'csv has no option from.onBadRow', expect.any(String)],
    ] as const) {
      await expect(run(options)).rejects.toMatchObject(refusal(message, hint));
    }
    await run({ from: { delimiter: undefined, delimeter: undefined }, to: { quoting: 'all' } });
  });

  test.for(formats.map((format) => [format.name, format] as const))(
    '%s: whatever it has is taken, whatever it has not is not',
    async ([name, { optionNames }], { folder, put }) => {
      const [source] = await put({ [`a.${name}`]: name === 'json' ? '[]' : '' });
      const target = join(folder, `b.${name}`);
      for (const [side, names] of [
        ['from', optionNames!.read],
        ['to', optionNames!.write],
      ] as const) {
        for (const option of Object.keys(names)) {
          // A wrong value is refused by the format itself, in other words.
          const error: unknown = await convert(source!, target, { [side]: { [option]: {} } }).catch(
            (reason: unknown) => reason,
          );
          expect(error).not.toMatchObject({ message: expect.stringContaining('has no option') });
          const misspelt = { [side]: { [`${option}x`]: {} } };
          await expect(convert(source!, target, misspelt)).rejects.toMatchObject({
            code: 'BAD_OPTION',
            hint: `did you mean ${side}.${option}?`,
          });
        }
      }
    },
  );

  test('a format of somebody else that does not say its options is told all of them', async ({
    folder,
    put,
  }) => {
    const [source] = await put({ 'a.csv': table(1) });
    const target = join(folder, 'b.pairs');
    await convert(source!, target, { formats: [pairs()], to: { anything: 1 } });
    const misplaced = convert(source!, target, { formats: [pairs()], to: { limits: {} } });
    await expect(misplaced).rejects.toMatchObject({ hint: 'did you mean from.limits?' });
  });
});

test('scanLimit also says how many rows a writer looks at', async ({ folder, put }) => {
  const rows = `${table(3000)}3000,${'x'.repeat(20)}\n`;
  const [source] = await put({ 'a.csv': rows });
  const [target, back] = [join(folder, 'b.fwf'), join(folder, 'c.csv')];
  await expect(convert(source!, target)).rejects.toMatchObject({
    code: 'UNREPRESENTABLE',
    row: 1001,
    column: 'id',
    hint: expect.stringContaining('scanLimit'),
  });
  await convert(source!, target, { scanLimit: Infinity, to: { ruler: true } });
  await convert(target, back, { from: { ruler: true } });
  expect(await readFile(back, 'utf8')).toBe(rows);
});
