import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { byName, detectCodec } from '@x/codecs';
import { convert, detect, listCodecs } from '@x/convert';
import { describe, expect } from 'vitest';

import { table, test } from './scratch.ts';

const csv = table(1000);
/** Whatever `@x/codecs` has is converted, without a line about it here. */
const both = listCodecs().filter(({ name, read, write }) => read && write && name !== 'identity');

describe.each(both)('$name', ({ name, extensions: [extension = ''] }) => {
  test('goes and comes back, told by the name', async ({ folder }) => {
    const [source, packed, target] = ['a.csv', `b.jsonl${extension}`, 'c.csv'].map((file) =>
      join(folder, file),
    );
    await writeFile(source!, csv);
    await convert(source!, packed!, { atomic: true });
    const written = await readFile(packed!);
    if (byName(name)!.magic !== undefined) expect(detectCodec(written)).toBe(name);
    expect(written.length).toBeLessThan(csv.length);
    await convert(packed!, target!);
    expect(await readFile(target!, 'utf8')).toBe(csv);
  });

  test.runIf(byName(name)!.magic !== undefined)('is told by its content', async ({ folder }) => {
    const [source, packed, unnamed] = ['a.csv', `b.csv${extension}`, 'b'].map((file) => join(folder, file));
    await writeFile(source!, csv);
    await convert(source!, packed!);
    await rename(packed!, unnamed!);
    expect(await detect(unnamed!)).toMatchObject({ codec: name, format: 'csv' });
    await convert(unnamed!, join(folder, 'c.csv'));
    expect(await readFile(join(folder, 'c.csv'), 'utf8')).toBe(csv);
  });
});

test('what a codec cannot write is an error that says so, and leaves no file', async ({ folder, put }) => {
  const [source] = await put({ 'a.csv': csv });
  const target = join(folder, 'b.csv.bz2');
  await expect(convert(source!, target, { atomic: true })).rejects.toThrow(/bzip2 is only read here/);
  await expect(readFile(target)).rejects.toMatchObject({ code: 'ENOENT' });
});
