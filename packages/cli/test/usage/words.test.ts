import { describe, expect, test } from 'vitest';

import * as engine from '@x/convert';

import { readingOptions, targetOf, writingOptions } from '../../src/usage/convert-options.ts';
import { endpointOf } from '../../src/usage/endpoint.ts';
import { listOf, optionValue, pairsOf } from '../../src/usage/words.ts';

describe('words', () => {
  test.for([
    ['a,b', ['a', 'b']],
    ['', ['']],
    ['a,', ['a', '']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""x"""', ['say "x"']],
  ] as const)('list %s', ([text, values]) => expect(listOf(text, '--o')).toEqual(values));

  test('an open quote in a list is bad usage', () => {
    expect(() => listOf('"a,b', '--columns')).toThrow(expect.objectContaining({ code: 'BAD_USAGE' }));
  });

  test('pairs are split at the first =, quotes hold one', () => {
    expect(pairsOf(['a=b', 'a=b=c', '"x=y"=z', 'a='], '--rename')).toEqual([
      ['a', 'b'],
      ['a', 'b=c'],
      ['x=y', 'z'],
      ['a', ''],
    ]);
    expect(() => pairsOf(['=b'], '--rename')).toThrow('--rename =b');
  });

  test('values of format options are what they look like, unless quoted', () => {
    expect(['true', '12', '"12"', String.raw`\t`, 'x', '01x'].map(optionValue)).toEqual([
      true,
      12,
      '12',
      '\t',
      'x',
      '01x',
    ]);
  });
});

describe('endpoints', () => {
  const of = (spelling: string | undefined, codec?: string) =>
    endpointOf({ spelling, codec, options: undefined }, 'from', engine);

  test.for([
    ['csv', undefined, { format: 'csv' }],
    ['CSV.GZ', undefined, { format: 'csv', codec: 'gzip' }],
    ['.jsonl.zst', undefined, { format: 'jsonl', codec: 'zstd' }],
    ['ndjson', undefined, { format: 'jsonl' }],
    ['gz', undefined, { codec: 'gzip' }],
    ['csv', 'none', { format: 'csv', codec: 'identity' }],
    ['csv.gz', 'gzip', { format: 'csv', codec: 'gzip' }],
    ['parquet', undefined, { format: 'parquet' }],
    [undefined, undefined, {}],
  ] as const)('%s with %s', ([spelling, codec, told]) => expect(of(spelling, codec)).toEqual(told));
});

describe('options', () => {
  test('flags become what the library takes', () => {
    expect(
      readingOptions(
        {
          from: 'csv',
          delimiter: String.raw`\t`,
          header: false,
          types: ['id=integer,"a,b"=text'],
          nullValues: 'NA,-',
          scanLimit: 'all',
          columns: ['a,b', 'c'],
          rename: ['a=b'],
        },
        engine,
      ),
    ).toEqual({
      from: { format: 'csv', delimiter: '\t', header: false },
      types: { id: 'integer', 'a,b': 'text' },
      nullValues: ['NA', '-'],
      scanLimit: Infinity,
      columns: ['a', 'b', 'c'],
      rename: { a: 'b' },
    });
  });

  test('rejects have no place in the standard output', () => {
    expect(() => writingOptions({ rejects: '-' }, engine)).toThrow('--rejects - is not possible');
  });

  test('--rejects implies skipping; files are replaced atomically unless it is refused', () => {
    expect(writingOptions({ rejects: 'bad.jsonl', level: '-3' }, engine)).toEqual({
      to: { level: -3 },
      atomic: true,
      durability: 'full',
      onError: 'skip',
      rejects: 'bad.jsonl',
    });
    expect(writingOptions({ atomic: false }, engine)).toMatchObject({ atomic: false });
  });

  test('what x bulk writes: an extension, a pattern, or a name with a format', () => {
    expect(targetOf({ to: 'jsonl.gz' }, engine)).toEqual({ pattern: 'jsonl.gz' });
    expect(targetOf({ to: '{stem}-x.csv', level: '9' }, engine)).toEqual({
      pattern: '{stem}-x.csv',
      level: 9,
    });
    expect(targetOf({ to: 'csv.gz', name: '{stem}.txt' }, engine)).toEqual({
      pattern: '{stem}.txt',
      format: 'csv',
      codec: 'gzip',
    });
    expect(targetOf({ to: 'jsonl', toCodec: 'zstd' }, engine)).toEqual({ format: 'jsonl', codec: 'zstd' });
    expect(() => targetOf({ to: '{stem}.csv', name: '{name}' }, engine)).toThrow('two patterns');
  });
});
