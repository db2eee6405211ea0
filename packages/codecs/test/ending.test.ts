import { getEventListeners } from 'node:events';
import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';

import { compress, createCompressor, decompress } from '@x/codecs';
import { describe, expect, test, vi } from 'vitest';

import { failureOf, hasZstd, noise, text } from './samples.ts';

const packed = gzipSync(text(100_000));
type Source = AsyncIterable<Uint8Array>;
const reason = new Error('enough');

const closed = (stream: { once(name: 'close', listener: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => void stream.once('close', resolve));

/** What a reader that leaves before it has read anything may do. */
const leaves = {
  'return()': async (source: Source) => {
    const chunks = decompress(source, 'gzip')[Symbol.asyncIterator]();
    expect(await chunks.return?.()).toEqual({ done: true, value: undefined });
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  },
  'destroy()': async (source: Source) => {
    const stream = decompress(source, 'gzip').toNode();
    const isClosed = closed(stream);
    stream.destroy();
    await isClosed;
  },
  'cancel()': (source: Source) => decompress(source, 'gzip').toWeb().cancel(),
  'a signal that was aborted': async (source: Source) => {
    const signal = AbortSignal.abort(reason);
    expect(await failureOf(decompress(source, 'gzip', { signal }).bytes())).toBe(reason);
  },
  'an abort': async (source: Source) => {
    const controller = new AbortController();
    const chunks = decompress(source, 'gzip', { signal: controller.signal })[Symbol.asyncIterator]();
    controller.abort(reason);
    expect(await failureOf(chunks.next() as Promise<unknown>)).toBe(reason);
  },
};

describe.for(Object.entries(leaves))('%s before anything was read', ([, leave]) => {
  test('closes a stream of Node.js', async () => {
    const source = Readable.from([packed]);
    await leave(source);
    expect(source.destroyed).toBe(true);
  });

  test('closes a file', async () => {
    const source = createReadStream(import.meta.filename);
    const isClosed = closed(source);
    await leave(source);
    await isClosed;
    expect(source.closed).toBe(true);
  });

  test('closes whatever it was that the source reads from itself', async () => {
    const source = Readable.from([packed]);
    await leave(decompress(compress(source, 'gzip'), 'gzip'));
    await vi.waitFor(() => expect(source.destroyed).toBe(true));
  });
});

test('a web stream is cancelled where nothing of it was read', async () => {
  let cancelled = false;
  const source = new ReadableStream<Uint8Array>({ cancel: () => void (cancelled = true) });
  await decompress(source, 'gzip')[Symbol.asyncIterator]().return?.();
  expect(cancelled).toBe(true);
});

test('what cannot be closed is told, also where nothing of it was read', async () => {
  const source = {
    [Symbol.asyncIterator]: () => ({ next: () => reason, return: () => Promise.reject(reason) }),
  };
  const chunks = decompress(source as never, 'gzip')[Symbol.asyncIterator]();
  expect(await failureOf(chunks.return!() as Promise<unknown>)).toBe(reason);
});

test('a signal is let go of, however a run has ended', async () => {
  const { signal } = new AbortController();
  const options = { signal };
  await compress(packed, 'gzip', options).bytes();
  await failureOf(decompress(packed.subarray(0, 100), 'gzip', options).bytes());
  await failureOf(decompress(1 as never, 'gzip', options).bytes());
  await failureOf(decompress([1] as never, 'gzip', options).bytes());
  for await (const _ of decompress(packed, 'gzip', options)) break;
  await decompress(packed, 'gzip', options)[Symbol.asyncIterator]().return?.();
  const stream = createCompressor('gzip', options);
  const isClosed = closed(stream);
  stream.destroy();
  await isClosed;
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test.for([
  ['deflate', 'LIMIT', 300_000],
  ...(hasZstd ? ([['zstd', 'BAD_OPTION', 1_100_000]] as const) : []),
] as const)('the failure of %s is told while the source is silent', async ([codec, code, length]) => {
  const source = new PassThrough();
  source.write(noise(length));
  // One engine is told at once that the input is longer, the other gives more than it may.
  const run = compress(source, { codec, size: 10 }, { limits: { outputBytes: 10_000 } });
  await expect(run.bytes()).rejects.toMatchObject({ code });
  expect(source.destroyed).toBe(true);
});
