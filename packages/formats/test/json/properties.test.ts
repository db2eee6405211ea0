import { Decimal, FormatError, json, jsonl, type Reader, type Value } from '@x/formats';
import * as fc from 'fast-check';
import { describe, expect } from 'vitest';

import { told } from '../../src/contract-suite/same-value.ts';
import { chunked, rowsOf } from '../bytes.ts';
import { holds } from '../holds.ts';

const pieces = [
  '',
  '',
  '',
  ',',
  ':',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  '0',
  '-',
  '.',
  'e',
  'E+',
  'null',
  'true',
].concat([
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\u0001',
  '\u007f',
  '\u00a0',
  'é',
  '😀',
  '\ufeff',
  '\\u00',
  '\\ud83d',
  "'",
  '//',
  'x',
]);

/** JSON, and what is nearly JSON: with a piece left out, put in or changed. */
const nearlyJson = fc
  .record({
    value: fc.json({ maxDepth: 3 }),
    at: fc.nat(1000),
    cut: fc.nat(3),
    piece: fc.constantFrom(...pieces),
  })
  .map(({ value, at, cut, piece }) => {
    const place = at % (value.length + 1);
    return value.slice(0, place) + piece + value.slice(place + (piece === '' ? 0 : cut));
  });

async function outcome(reader: Reader): Promise<Value[][] | string> {
  try {
    return await rowsOf(reader);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.code;
  }
}

/** A value with doubles for all numbers, as JSON.parse has it. */
function withDoubles(value: Value): Value {
  if (typeof value === 'bigint' || Decimal.is(value)) return Number(value);
  if (Array.isArray(value)) return (value as readonly Value[]).map(withDoubles);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withDoubles(member as Value)]),
  );
}

/** The value of the text as JSON.parse gives it; undefined where it gives none. */
function parsed(text: string): { value: Value } | undefined {
  try {
    return { value: JSON.parse(text) as Value };
  } catch {
    return undefined;
  }
}

const sizes = fc.constantFrom(1, 2, 5, 16, 1000);

describe('what JSON.parse accepts is accepted, with the same value, and nothing else', () => {
  holds(
    'as the value of a key in a list',
    fc.asyncProperty(nearlyJson, sizes, async (text, size) => {
      const document = `[{"v":1},{"v":${text}}]`;
      const expected = parsed(document);
      const found = await outcome(json().createReader(chunked(document, size)));
      const isOfTwoRows = (expected?.value as readonly object[] | undefined)?.length === 2;
      if (expected === undefined) expect(found).toMatch(/^(?:INVALID_JSON|NOT_AN_OBJECT|DUPLICATE_KEY)$/);
      else if (isOfTwoRows && typeof found !== 'string') {
        const { v } = (expected.value as readonly { v: Value }[])[1]!;
        expect(told(withDoubles(found[1]![0]))).toBe(told(v));
      } else expect(found === 'DUPLICATE_KEY' || typeof found !== 'string').toBe(true);
    }),
  );

  holds(
    'as a line',
    fc.asyncProperty(nearlyJson, sizes, async (text, size) => {
      const line = text.replaceAll(/[\r\n]/g, ' ');
      const expected = parsed(`{"v":${line}}`);
      const found = await outcome(jsonl().createReader(chunked(`{"v":1}\n{"v":${line}}\n`, size)));
      if (expected === undefined) expect(found).toMatch(/^(?:INVALID_JSON|NOT_AN_OBJECT|DUPLICATE_KEY)$/);
      else if (typeof found === 'string') expect(found).toBe('DUPLICATE_KEY');
      else expect(told(withDoubles(found[1]![0]))).toBe(told((expected.value as { v: Value }).v));
    }),
  );

  holds(
    'as a document that is passed on the way to the rows and behind them',
    fc.asyncProperty(nearlyJson, sizes, async (text, size) => {
      const document = `{"before":${text},"rows":[{"a":1}],"after":[${text}]}`;
      const found = await outcome(json().createReader(chunked(document, size), { path: 'rows' }));
      const expected = parsed(document);
      if (expected === undefined) expect(typeof found).toBe('string');
      else expect(['DUPLICATE_KEY', [[1]]]).toContainEqual(found);
    }),
  );
});
