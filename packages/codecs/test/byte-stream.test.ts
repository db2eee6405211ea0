import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { compress, decompress } from '@x/codecs';
import { expect, test } from 'vitest';

import { text } from './samples.ts';

const content = text(1_000_000);
const packed = gzipSync(content);

/** A source that tells whether it was closed, and can hang instead of ending. */
function watched(bytes: Uint8Array, { hang = false } = {}) {
  const state = { closed: false };
  async function* source(): AsyncGenerator<Uint8Array, void> {
    try {
      yield bytes;
      if (hang) await new Promise(() => {});
    } finally {
      state.closed = true;
    }
  }
  return { state, source: source() };
}

test('can be read as a Node.js stream and as a web stream', async () => {
  expect(Buffer.concat(await decompress(packed, 'gzip').toNode().toArray())).toEqual(content);
  const chunks: Uint8Array[] = [];
  for await (const chunk of decompress(packed, 'gzip').toWeb()) chunks.push(chunk);
  expect(Buffer.concat(chunks)).toEqual(content);
});

test('takes a web stream as its source', async () => {
  expect(Buffer.from(await decompress(new Blob([packed]).stream(), 'gzip').bytes())).toEqual(content);
});

test('is read once', async () => {
  const stream = decompress(packed, 'gzip');
  await stream.bytes();
  await expect(stream.bytes()).rejects.toThrow(/being read already/);
});

test('hands out chunks that stay what they are', async () => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of decompress(packed, 'gzip')) chunks.push(chunk);
  expect(chunks.length).toBeGreaterThan(1);
  expect(Buffer.concat(chunks)).toEqual(content);
});

test('closes its source when the reader leaves early', async () => {
  const { state, source } = watched(packed);
  for await (const chunk of decompress(source, 'gzip')) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect(state.closed).toBe(true);
});

test('passes on what the source throws, unchanged', async () => {
  const problem = new Error('the disk is on fire');
  const failing = async function* (): AsyncGenerator<Uint8Array, void> {
    yield packed.subarray(0, 1000);
    throw problem;
  };
  await expect(decompress(failing(), 'gzip').bytes()).rejects.toBe(problem);
  await expect(compress(failing(), 'gzip').bytes()).rejects.toBe(problem);
});

test('ends with the reason of its signal, even while the source hangs', async () => {
  const reason = new Error('enough');
  for (const run of [decompress, compress]) {
    const controller = new AbortController();
    const result = run(watched(packed, { hang: true }).source, 'gzip', { signal: controller.signal }).bytes();
    await delay(5);
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
  }
  await expect(compress(content, 'gzip', { signal: AbortSignal.abort(reason) }).bytes()).rejects.toBe(reason);
});

test('ends a stream that is destroyed while the source hangs', async () => {
  const stream = decompress(watched(packed.subarray(0, 10), { hang: true }).source, 'gzip').toNode();
  stream.resume();
  await delay(5);
  const closed = new Promise((resolve) => stream.once('close', resolve));
  stream.destroy();
  await closed;
  expect(stream.readableEnded).toBe(false);
});

test('keeps to the limits it is given', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  const code = 'LIMIT';
  await expect(
    decompress(bomb, 'gzip', { limits: { outputBytes: 1_000_000 } }).bytes(),
  ).rejects.toMatchObject({ code });
  await expect(decompress(bomb, 'gzip', { limits: { ratio: 500 } }).bytes()).rejects.toMatchObject({ code });
  expect(
    (await decompress(bomb, 'gzip', { limits: { outputBytes: 20_000_000, ratio: 1100 } }).bytes()).length,
  ).toBe(20_000_000);
  expect(() => decompress(bomb, 'gzip', { limits: { windowLog: 9 } })).toThrow(/windowLog is 9.*10 to 31/);
});
