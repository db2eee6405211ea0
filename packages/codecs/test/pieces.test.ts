import * as zlib from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { decompress } from '../src/index.ts';
import { text } from './samples.ts';

const quick = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } };
const halves = [text(3_000_000), text(2_000_000, 2)] as const;

/** Streams of `node:zlib` that can be flushed in the middle, and how. */
const encoders = [
  { codec: 'gzip', create: () => zlib.createGzip(), flush: zlib.constants.Z_SYNC_FLUSH },
  { codec: 'deflate', create: () => zlib.createDeflate(), flush: zlib.constants.Z_SYNC_FLUSH },
  {
    codec: 'brotli',
    create: () => zlib.createBrotliCompress(quick),
    flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  },
  // Node.js 20 has no zstd, and its replacement makes pieces of its own.
  ...('createZstdCompress' in zlib
    ? [{ codec: 'zstd', create: () => zlib.createZstdCompress(), flush: zlib.constants.ZSTD_e_flush }]
    : []),
] as const;

/** The two halves in one member, packed so that each can be unpacked without the other's bytes. */
async function packedHalves({ create, flush }: (typeof encoders)[number]): Promise<[Buffer, Buffer]> {
  const encoder = create();
  const packed: Buffer[] = [];
  encoder.on('data', (chunk: Buffer) => packed.push(chunk));
  encoder.write(halves[0]);
  await new Promise<void>((resolve) => encoder.flush(flush, resolve));
  const first = Buffer.concat(packed.splice(0));
  encoder.end(halves[1]);
  await new Promise((resolve) => encoder.once('end', resolve));
  return [first, Buffer.concat(packed)];
}

describe.each(encoders)('pieces of unpacked $codec', (encoder) => {
  test('are full, however small the chunks of a source that keeps up are', async () => {
    const packed = Buffer.concat(await packedHalves(encoder));
    // Longer than what is unpacked at once, without a thread and thus without a look at the next chunk.
    const size = 5000;
    async function* small(): AsyncGenerator<Uint8Array, void> {
      for (let at = 0; at < packed.length; at += size) yield packed.subarray(at, at + size);
    }
    const lengths: number[] = [];
    for await (const piece of decompress(small(), encoder.codec)) lengths.push(piece.length);
    expect(packed.length / size).toBeGreaterThan(50);
    expect(lengths.length).toBeLessThan(20);
  });

  test('do not wait for a source that has nothing yet', async () => {
    const [first, second] = await packedHalves(encoder);
    let received = 0;
    let go: () => void = () => {};
    async function* stalling(): AsyncGenerator<Uint8Array, void> {
      yield first.subarray(0, first.length / 2);
      yield first.subarray(first.length / 2);
      await new Promise<void>((resolve) => (go = resolve));
      yield second;
    }
    const unpacked: Uint8Array[] = [];
    for await (const piece of decompress(stalling(), encoder.codec)) {
      unpacked.push(piece);
      received += piece.length;
      if (received === halves[0].length) go();
    }
    expect(Buffer.concat(unpacked).equals(Buffer.concat(halves))).toBe(true);
  });

  test('have come out before a source that is cut off is found to be, also behind an empty chunk', async () => {
    const [first] = await packedHalves(encoder);
    async function* cut(): AsyncGenerator<Uint8Array, void> {
      yield first;
      yield new Uint8Array(0);
    }
    let received = 0;
    const reading = (async () => {
      for await (const piece of decompress(cut(), encoder.codec)) received += piece.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'TRUNCATED' });
    expect(received).toBe(halves[0].length);
  });
});
