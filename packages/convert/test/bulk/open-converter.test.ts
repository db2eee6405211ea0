import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

import { openConverter } from '@x/convert';
import { parquet } from '@x/format-parquet';
import { expect, onTestFinished, test } from 'vitest';

const takesLong = 'id,name\n'.concat('1,Zoë\n'.repeat(3_000_000));

const places = [
  { where: 'a thread', options: {} },
  { where: 'this thread', options: { formats: [parquet()] } },
];

test.each(places)(
  'an abort of one file in $where ends that one alone, and leaves nothing of it',
  async ({ options }) => {
    const folder = mkdtempSync(join(tmpdir(), 'convert-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'long.csv'), takesLong);
    writeFileSync(join(folder, 'short.csv'), 'id\n1\n');
    const converter = await openConverter({ ...options, atomic: true }, 1);
    onTestFinished(() => converter.close());
    const stop = new AbortController();
    const job = (name: string) => ({
      source: join(folder, `${name}.csv`),
      destination: join(folder, `${name}.jsonl`),
    });
    const long = converter.convert(job('long'), stop.signal);
    const short = converter.convert(job('short'));
    const reason = new Error('the lease is lost');
    stop.abort(reason);
    await expect(long).rejects.toBe(reason);
    expect(await short).toMatchObject({ rowsWritten: 1 });
    expect(readFileSync(join(folder, 'short.jsonl'), 'utf8')).toBe('{"id":"1"}\n');
    expect(readdirSync(folder).toSorted()).toEqual(['long.csv', 'short.csv', 'short.jsonl']);
    await expect(converter.convert(job('long'), stop.signal)).rejects.toBe(reason);
  },
);

test.each(places)(
  'closed midway, a converter in $where leaves nothing and takes nothing more',
  async ({ options }) => {
    const folder = mkdtempSync(join(tmpdir(), 'convert-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'long.csv'), takesLong);
    const converter = await openConverter({ ...options, atomic: true }, 1);
    const job = { source: join(folder, 'long.csv'), destination: join(folder, 'out/long.jsonl') };
    const conversion = converter.convert(job);
    conversion.catch(() => {});
    while (readdirSync(join(folder, 'out')).length === 0) await turn();
    await converter.close();
    await expect(conversion).rejects.toMatchObject({ code: 'CLOSED' });
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
    await expect(converter.convert(job)).rejects.toMatchObject({ code: 'CLOSED' });
  },
);

test('many at a time do not look like a leak of listeners', async () => {
  const before = process.listenerCount('exit');
  const converters = await Promise.all(Array.from({ length: 20 }, () => openConverter()));
  expect(process.listenerCount('exit')).toBe(before + 1);
  await converters[0]!.close();
  expect(process.listenerCount('exit')).toBe(before + 1);
  await Promise.all(converters.map((converter) => converter.close()));
  expect(process.listenerCount('exit')).toBe(before);
});
