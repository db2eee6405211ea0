import { expect, test } from 'vitest';

import { convert } from '@x/convert';

const run = (options: object) => convert([{ a: '1' }], [], options);

test.for<[object, string]>([
  [{ to: 'jsonl' }, "did you mean to: { format: 'jsonl' }?"],
  [{ to: 'csv.gz' }, "did you mean to: { format: 'csv', codec: 'gzip' }?"],
  [{ to: 'gz' }, "did you mean to: { codec: 'gzip' }?"],
  [{ from: '.ndjson' }, "did you mean from: { format: 'jsonl' }?"],
  [{ from: 'jsnl' }, "did you mean from: { format: 'jsonl' }?"],
  [{ to: null }, 'leave it out for the default'],
  [{ columns: 'id, name' }, "give a list: columns: ['id', 'name']"],
  [{ nullValues: 'NA' }, "give a list: nullValues: ['NA']"],
  [{ signal: new AbortController() }, 'give the signal of the AbortController'],
  [{ formats: 'parquet' }, 'give what a package of a format exports, as [parquet()]'],
  [{ format: 'csv' }, 'say it of one side: from: { format: … } or to: { format: … }'],
  [{ delimiter: ';' }, 'say it of one side: from: { delimiter: … } or to: { delimiter: … }'],
  [{ level: 9 }, 'say it of one side: to: { level: … }'],
  [{ limits: {} }, 'say it of one side: from: { limits: … }'],
  [{ schema: {} }, 'schema is an option of pipeline()'],
  [{ concurrency: 2 }, 'concurrency is an option of bulkConvert()'],
  [{ atomc: true }, "did you mean 'atomic'?"],
])('%o is answered with the right spelling', async ([options, hint]) => {
  await expect(run(options)).rejects.toMatchObject({ code: 'BAD_OPTION', hint });
});

test('a value inside of an option is not taken for the option', async () => {
  const limits = { outputBytes: '5MB' };
  await expect(run({ from: { limits } })).rejects.toMatchObject({
    message: expect.stringContaining("from.limits.outputBytes ('5MB')"),
    hint: undefined,
  });
});

test('whatever a value is, it can be shown', async () => {
  const strange: unknown = Object.create(null);
  await expect(run({ onProgress: strange })).rejects.toMatchObject({
    message: 'option onProgress ([Object: null prototype] {}): expected a function',
  });
});

test.for([
  ['ndjson', 'jsonl'],
  ['.csv', 'csv'],
  ['CSV', 'csv'],
  ['tab', 'tsv'],
  ['jsnol', 'jsonl'],
])('the format %s is probably %s', async ([format, meant]) => {
  const to = { format };
  await expect(convert([{ a: 1 }], process.stdout, { to })).rejects.toMatchObject({
    code: 'UNKNOWN_FORMAT',
    hint: expect.stringContaining(`did you mean '${meant}'?`),
  });
});

test.for([
  ['gz', 'gzip'],
  ['zst', 'zstd'],
  ['gzp', 'gzip'],
  ['none', 'identity'],
])('the codec %s is probably %s', async ([codec, meant]) => {
  const to = { format: 'csv', codec };
  await expect(convert([{ a: 1 }], process.stdout, { to })).rejects.toMatchObject({
    code: 'BAD_OPTION',
    hint: expect.stringContaining(`did you mean '${meant}'?`),
  });
});

test.for([
  ['https://example.com/a.csv', 'this is a URL'],
  ['s3://bucket/a.csv', 'this is a URL'],
  ['file:///nowhere/a.csv', "new URL('file:///nowhere/a.csv')"],
  ['', 'the path is empty'],
  ['nowhere/a.csv', 'check the path'],
])('a source that is no path is answered with what it is: %s', async ([source, hint]) => {
  await expect(convert(source!, [])).rejects.toMatchObject({
    code: 'SOURCE_NOT_FOUND',
    hint: expect.stringContaining(hint!),
  });
});
