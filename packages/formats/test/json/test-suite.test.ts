import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { told } from '../../src/contract-suite/same-value.ts';
import { FormatError, type JsonReadOptions, type Reader, type Value } from '../../src/index.ts';
import { jsonReader, type ReadBy } from '../kernel/paths.ts';

// The cases of https://github.com/nst/JSONTestSuite (MIT licence), as of commit 1ef36fa; the names begin
// with y for what a parser has to accept, n for what it has to refuse, i for what it may do as it likes.
const small = readFileSync(new URL('fixtures/json-test-suite.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { name: string; latin1: string })
  .map(({ name, latin1 }) => [name, Buffer.from(latin1, 'latin1')] as const);

const cases = [
  ...small,
  ['n_structure_100000_opening_arrays', Buffer.from('['.repeat(100_000))],
  ['n_structure_open_array_object', Buffer.from(`${'[{"":'.repeat(50_000)}\n`)],
] as const;

/** What is done with what a parser may do as it likes. */
const choices: Readonly<Record<string, RegExp | 'accepted'>> = {
  // A number keeps its digits, however many.
  'i_number_.*': 'accepted',
  // An escape of half a surrogate pair is text to JavaScript, and stays as it is spelled.
  i_object_key_lone_2nd_surrogate: 'accepted',
  'i_string_(?:1st|incomplete|invalid_(?:lonely_)?surrogate|inverted|lone_second).*': 'accepted',
  // Bytes that are not UTF-8 are not replaced in silence.
  'i_string_(?:UTF-8_invalid|UTF8_surrogate|invalid_utf-8|iso_latin|lone_utf8|not_in_unicode|overlong|truncated).*':
    /INVALID_TEXT/,
  // A byte order mark is understood at the beginning of a file only.
  'i_string_UTF-16LE_with_BOM|i_string_utf16.*': /INVALID_(?:JSON|TEXT)/,
  i_structure_500_nested_arrays: /INVALID_JSON/,
  'i_structure_UTF-8_BOM_empty_object': /INVALID_JSON/,
};

const choiceFor = (name: string) =>
  Object.entries(choices).find(([pattern]) => new RegExp(`^(?:${pattern})$`).test(name))?.[1];

const ways: readonly ReadBy[] = [
  { kernel: true, cuts: [] },
  { kernel: true, cuts: [1, 5, 8, 11, 30] },
  { kernel: false, cuts: [] },
];

/** The rows, or the code of the error. */
async function outcome(reader: Reader): Promise<Value[][] | string> {
  try {
    const rows: Value[][] = [];
    for await (const batch of reader) for (const row of batch.rows()) rows.push([...row]);
    return rows;
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.code;
  }
}

const inList = (bytes: Buffer, by: ReadBy, options?: JsonReadOptions) => {
  const document = Buffer.concat([Buffer.from('[{"v":'), bytes, Buffer.from('}]')]);
  return outcome(jsonReader(document, 'items', { ...options }, by));
};
const onLine = (bytes: Buffer, by: ReadBy) => {
  // A line break between two parts of a value is space to JSON, and an end to JSON Lines.
  const line = Buffer.from(bytes.toString('latin1').replaceAll('\n', ' '), 'latin1');
  return outcome(
    jsonReader(Buffer.concat([Buffer.from('{"v":'), line, Buffer.from('}\n')]), 'lines', {}, by),
  );
};

describe.each(ways)('as the value of a key, read by %j', (by) => {
  test.each(cases.filter(([name]) => name.startsWith('y_')))('%s', async (name, bytes) => {
    const found = [await inList(bytes, by), await onLine(bytes, by)];
    // An object with a key twice has no one value.
    const isTwice = name.startsWith('y_object_duplicated_key');
    const expected = isTwice ? 'DUPLICATE_KEY' : told(JSON.parse(bytes.toString()) as Value);
    expect(found.map((rows) => (typeof rows === 'string' ? rows : told(rows[0]![0])))).toEqual([
      expected,
      expected,
    ]);
  });

  test.each(cases.filter(([name]) => name.startsWith('n_')))('%s', async (name, bytes) => {
    // What is wrong with it is right where lines end values.
    const isRightOnLine = name === 'n_string_unescaped_newline' || name === 'n_structure_whitespace_formfeed';
    expect(await inList(bytes, by)).toMatch(/INVALID_(?:JSON|TEXT)|DUPLICATE_KEY/);
    expect(isRightOnLine || typeof (await onLine(bytes, by)) === 'string').toBe(true);
  });

  test.each(cases.filter(([name]) => name.startsWith('i_')))('%s', async (name, bytes) => {
    const choice = choiceFor(name);
    const found = [await inList(bytes, by), await onLine(bytes, by)];
    const codes = found.map((rows) => (typeof rows === 'string' ? rows : 'accepted'));
    const isChosen = (code: string) => (choice instanceof RegExp ? choice.test(code) : code === choice);
    expect(codes.filter((code) => !isChosen(code))).toEqual([]);
  });

  test('more levels are a matter of an option', async () => {
    const [, bytes] = cases.find(([name]) => name === 'i_structure_500_nested_arrays')!;
    expect(await inList(bytes, by, { maxDepth: 1024 })).toHaveLength(1);
  });
});

describe('as a whole document', () => {
  test.each(cases)('%s', async (name, bytes) => {
    const [found, ...others] = await Promise.all(
      ways.map((by) => outcome(jsonReader(bytes, 'items', {}, by))),
    );
    for (const other of others) expect(other).toEqual(found);
    const code = typeof found === 'string' ? found : 'rows';
    // Rows are objects, so of what is JSON only objects and lists of objects are rows.
    const wanted = {
      y: /^(?:rows|NOT_AN_OBJECT|NOT_A_LIST|DUPLICATE_KEY)$/,
      n: /^(?:INVALID_JSON|INVALID_TEXT|NOT_AN_OBJECT|NOT_A_LIST)$/,
      i: /./,
    };
    expect(code).toMatch(wanted[name[0] as 'y' | 'n' | 'i']);
  });

  test('objects are rows', async () => {
    const rows = async (name: string) =>
      outcome(jsonReader(cases.find(([known]) => known === name)![1], 'items', {}, ways[0]!));
    expect(await rows('y_object_basic')).toEqual([['sdf']]);
    expect(await rows('y_object_empty')).toEqual([[]]);
    expect(await rows('i_structure_UTF-8_BOM_empty_object')).toEqual([[]]);
    expect(await rows('y_array_empty')).toEqual([]);
  });
});
