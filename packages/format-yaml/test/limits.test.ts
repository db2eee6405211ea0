import { yaml } from '@x/format-yaml';
import { readRows } from '@x/formats/contract-suite';
import { describe, expect, test } from 'vitest';

describe('limits', () => {
  test('a billion laughs are not', async () => {
    const levels = Array.from({ length: 9 }, (_, i) => {
      const [name, below] = [String.fromCharCode(97 + i), String.fromCharCode(96 + i)];
      return `${name}: &${name} [${Array.from({ length: 9 }, () => (i === 0 ? '"lol"' : `*${below}`)).join(',')}]\n`;
    });
    await expect(readRows(yaml(), levels.join(''))).rejects.toMatchObject({
      code: 'LIMIT',
      line: 6,
      hint: expect.stringContaining('maxAliasSize'),
    });
    await expect(readRows(yaml(), `a: &a "${'x'.repeat(600_000)}"\nb: [*a, *a]\n`)).rejects.toMatchObject({
      code: 'LIMIT',
      line: 2,
    });
    await expect(readRows(yaml(), '- &a {x: 1}\n- *a\n', { maxAliasSize: 0 })).rejects.toMatchObject({
      code: 'LIMIT',
      row: 2,
    });
    await expect(readRows(yaml(), '- &a {x: 1}\n- <<: *a\n', { maxAliasSize: 0 })).rejects.toMatchObject({
      code: 'LIMIT',
      row: 2,
    });
  });

  test('an alias of itself, of nothing, and of another document', async () => {
    for (const text of ['a: &a [*a]\n', '&a {x: *a}\n', 'a: *b\n', '- &a {x: 1}\n---\n- *a\n']) {
      await expect(readRows(yaml(), text)).rejects.toMatchObject({
        code: 'CORRUPT',
        problem: expect.stringMatching(/^\*[ab] /),
      });
    }
  });

  test('anchors are known to later items, and the same rows are rows again', async () => {
    expect((await readRows(yaml(), '- &a {x: &x [1]}\n- {x: *x}\n- *a\n')).rows).toEqual([
      [[1]],
      [[1]],
      [[1]],
    ]);
  });

  test('anchors that are kept for later', async () => {
    const items = Array.from({ length: 300 }, (_, i) => `- a: &a${i} x\n`);
    await expect(readRows(yaml(), items.join(''), { maxRecordBytes: 2000 })).rejects.toMatchObject({
      code: 'LIMIT',
      problem: expect.stringContaining('anchors'),
    });
  });

  test.each([
    ['lists in a line', '['.repeat(100_000)],
    ['mappings in a line', 'a: {'.repeat(1) + '{a: '.repeat(100_000)],
    ['lists in lists', '- '.repeat(100_000)],
    ['mappings in mappings', Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
    ['keys in keys', '? '.repeat(100_000)],
  ])('%s inside each other', async (_, text) => {
    await expect(readRows(yaml(), text)).rejects.toMatchObject({ code: 'LIMIT', hint: 'raise maxDepth' });
  });

  test('256 levels are read, and more where they are allowed', async () => {
    const deep = (levels: number) => `a: ${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}\n`;
    expect((await readRows(yaml(), deep(256))).rows).toHaveLength(1);
    await expect(readRows(yaml(), deep(300))).rejects.toMatchObject({ code: 'LIMIT' });
    expect((await readRows(yaml(), deep(600), { maxDepth: 600 })).rows).toHaveLength(1);
  });

  test('an item, a document and a line without an end', async () => {
    for (const text of [
      `- a: 1\n- a: "${'x'.repeat(3000)}"\n`,
      `a: ${'x '.repeat(3000)}`,
      `a: 1\n${'b: 1\n'.repeat(1000)}`,
    ]) {
      await expect(readRows(yaml(), text, { maxRecordBytes: 1000 })).rejects.toMatchObject({
        code: 'LIMIT',
        hint: expect.stringContaining('maxRecordBytes'),
      });
    }
    await expect(
      readRows(yaml(), `a: [${'0,'.repeat(1000)}]`, { maxRecordTokens: 1000 }),
    ).rejects.toMatchObject({
      code: 'LIMIT',
      hint: expect.stringContaining('maxRecordTokens'),
    });
    const items = '- a: 1\n'.repeat(3000);
    expect((await readRows(yaml(), items, { maxRecordBytes: 1000 })).rows).toHaveLength(3000);
    expect(
      (await readRows(yaml(), items.replaceAll('- ', '---\n'), { maxRecordBytes: 1000 })).rows,
    ).toHaveLength(3000);
  });
});

describe('damage', () => {
  test.each([
    ['a quote that is open', '- a: "x\n', 'TRUNCATED', 2],
    ['a list that is open', '- a: 1\n- a: [1,\n', 'TRUNCATED', 3],
    ['a wrong indent', 'a:\n  b: 1\n c: 2\n', 'CORRUPT', 3],
    ['a tab', 'a:\n\tb: 1\n', 'CORRUPT', 2],
    ['a mapping behind a list', '- a: 1\nb: 2\n', 'CORRUPT', 2],
    ['a row of text', '- text\n', 'NOT_AN_OBJECT', 1],
    ['a directive without its document', '%YAML 1.2\na: 1\n', 'CORRUPT', 2],
    ['a list in a list', '- a: 1\n- - a\n', 'NOT_AN_OBJECT', 2],
  ])('%s', async (_, text, code, line) => {
    await expect(readRows(yaml(), text)).rejects.toMatchObject({
      code,
      format: 'yaml',
      line,
      column: expect.any(Number),
      hint: expect.any(String),
    });
  });

  test('bytes that are no text, and other encodings', async () => {
    await expect(readRows(yaml(), Buffer.from('- a: \u00ff\n', 'latin1'))).rejects.toMatchObject({
      code: 'INVALID_TEXT',
      format: 'yaml',
    });
    expect((await readRows(yaml(), Buffer.from('- a: é\n', 'latin1'), { encoding: 'latin1' })).rows).toEqual([
      ['é'],
    ]);
    expect((await readRows(yaml(), Buffer.from('\ufeff- a: é\r\n- a: 2\r\n', 'utf16le'))).rows).toEqual([
      ['é'],
      [2],
    ]);
  });

  test('nothing, comments and empty documents are no rows', async () => {
    for (const text of ['', '\n', '# a\n', '---\n', '---\n...\n---\n# x\n', '[]\n', '- \n'.repeat(0)]) {
      expect((await readRows(yaml(), text)).rows).toEqual([]);
    }
  });
});

test.each([
  [{ layout: 'x' }, 'layout', 'write'],
  [{ unknownTags: 'x' }, 'unknownTags', 'read'],
  [{ maxDepth: 0 }, 'maxDepth', 'read'],
])('the option %j is refused', (options, name, how) => {
  const make = () =>
    how === 'read'
      ? yaml().createReader([] as never, options as never)
      : yaml().createWriter({ write: () => undefined }, options as never);
  expect(make).toThrow(
    expect.objectContaining({ code: 'BAD_OPTION', problem: expect.stringContaining(name) }),
  );
});
