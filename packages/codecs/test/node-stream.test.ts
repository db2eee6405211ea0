import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync, gzipSync } from 'node:zlib';

import { createCompressor, createDecompressor } from '@x/codecs';
import { expect, test } from 'vitest';

import { text } from './samples.ts';

const content = text(600_000);

async function through(
  bytes: Iterable<Uint8Array>,
  stream: ReturnType<typeof createCompressor>,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  await pipeline(Readable.from(bytes), stream, async (output) => {
    for await (const chunk of output) chunks.push(chunk as Uint8Array);
  });
  return Buffer.concat(chunks);
}

test('a compressor and a decompressor work in a pipeline', async () => {
  const parts = Array.from({ length: 600 }, (_, i) => content.subarray(i * 1000, (i + 1) * 1000));
  const packed = await through(parts, createCompressor('gzip'));
  expect(gunzipSync(packed)).toEqual(content);
  expect(await through([packed], createDecompressor('auto'))).toEqual(content);
});

test('writes that were queued arrive whole and in order', async () => {
  const stream = createCompressor('gzip');
  for (let at = 0; at < content.length; at += 7001) stream.write(content.subarray(at, at + 7001));
  stream.end();
  expect(gunzipSync(Buffer.concat(await stream.toArray()))).toEqual(content);
});

test('the error of a decoder is the error of the pipeline', async () => {
  const cut = gzipSync(content).subarray(0, -1);
  await expect(through([cut], createDecompressor('gzip'))).rejects.toMatchObject({ code: 'TRUNCATED' });
});

test('destroying it ends it', async () => {
  const stream = createCompressor('gzip');
  stream.write(content);
  stream.resume();
  const closed = new Promise((resolve) => stream.once('close', resolve));
  stream.destroy();
  await closed;
  expect(stream.destroyed).toBe(true);
});

test.for(['before', 'while nobody reads'])('an abort %s destroys it, with the reason', async (when) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  if (when === 'before') controller.abort(reason);
  const stream = createCompressor('gzip', { signal: controller.signal });
  const failed = once(stream, 'error');
  while (!stream.writableNeedDrain && !stream.destroyed) stream.write(content);
  controller.abort(reason);
  expect(await failed).toEqual([reason]);
  expect(stream.destroyed).toBe(true);
});

test('small writes are gathered before anything is done with them', async () => {
  const stream = createCompressor('identity');
  const chunks: Uint8Array[] = [];
  await pipeline(
    Readable.from(Array.from({ length: 4096 }, (_, i) => content.subarray(i * 100, i * 100 + 100))),
    stream,
    async (output) => {
      for await (const chunk of output) chunks.push(chunk as Uint8Array);
    },
  );
  expect(Buffer.concat(chunks).equals(content.subarray(0, 409_600))).toBe(true);
  expect(chunks.length).toBeLessThan(4096 / 10);
});
