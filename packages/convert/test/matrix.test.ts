import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect } from 'vitest';

import { convert } from '@x/convert';

import { test } from './scratch.ts';

/** Values that programs like to change: each comes back as it is spelled, or the run fails. */
const awkward = [
  'id,name,note,flag,big,amount,ratio,code,digits,when,day,empty',
  '1,Zoë,"a ""quoted"", cell\nin two lines",true,9007199254740993,0.10,0.5,00123,123456789012345678901234567890,2024-02-29T12:34:56.789Z,2024-02-29,',
  "-2,O'Neil; x|y\tz, leading and trailing ,false,-9223372036854775808,1e400,-1.25,+5,1.0,1999-12-31T23:59:59Z,1970-01-01,",
  '0,😀,=1+1,true,0,-0,1e-7,007,5,2024-01-01T00:00:00Z,0001-01-01,',
  '',
].join('\n');

const formats = ['csv', 'tsv', 'psv', 'ssv', 'jsonl', 'json', 'parquet', 'avro', 'xlsx', 'sqlite', 'xml'];
const hasSqlite = process.getBuiltinModule('node:sqlite') !== undefined;

describe.each(formats)('a table of awkward values from %s', (from) => {
  test.for(formats)('to %s is the same', async (to, { folder, put, skip }) => {
    if (!hasSqlite && [from, to].includes('sqlite')) skip('this Node.js has no node:sqlite');
    const [table] = await put({ 'table.csv': awkward });
    const [first, second, back] = [`first.${from}`, `second.${to}`, 'back.csv'].map((name) =>
      join(folder, name),
    );
    await convert(table!, first!);
    await convert(first!, second!, { atomic: true });
    await convert(second!, back!);
    expect(await readFile(back!, 'utf8')).toBe(awkward);
  });
});
