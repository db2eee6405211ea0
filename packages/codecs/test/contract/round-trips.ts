import { crc32 } from 'node:zlib';

import { byName } from '@x/codecs';
import { expect, test } from 'vitest';

import { longForm } from '../long-form.ts';
import { chunked, noise, text } from '../samples.ts';
import { pack, packStream, unpack, unpackStream, type Subject } from './subject.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

export function roundTripContract(subject: Subject): void {
  const threaded = byName(subject.codec)?.capabilities.threads === true;
  const sizes = new Set([0, 1, 2]);
  for (const edge of [16 * KiB, 64 * KiB, 256 * KiB, ...(subject.edges ?? [])]) {
    for (const size of [edge - 1, edge, edge + 1]) sizes.add(size);
  }

  test.each([...sizes])('%i bytes of text and of noise come back', async (size) => {
    for (const content of [text(size), noise(size)]) {
      expect((await unpack(subject, await pack(subject, content))).equals(content)).toBe(true);
    }
  });

  test.each([1, 3, 1000])('chunks of %i bytes do as well as one', async (chunkSize) => {
    const content = text(20 * chunkSize + 3000);
    const packed = await pack(subject, content);
    expect((await unpack(subject, chunked(packed, chunkSize))).equals(content)).toBe(true);
    if (subject.pack !== undefined) return;
    const fromChunks = await packStream(subject, chunked(content, chunkSize)).bytes();
    expect((await unpack(subject, fromChunks)).equals(content)).toBe(true);
  });

  const mebibytes = longForm ? 64 : (subject.mebibytes ?? 64);
  test(`${mebibytes} MiB come back, from a source and with chunks that use their memory again`, async () => {
    const megabyte = text(MiB);
    let crcIn = 0;
    async function* content(): AsyncGenerator<Uint8Array, void> {
      const buffer = Buffer.alloc(MiB);
      for (let i = 0; i < mebibytes; i++) {
        megabyte.copy(buffer);
        buffer.writeUInt32LE(i);
        crcIn = crc32(buffer, crcIn);
        yield buffer;
        buffer.fill(0);
      }
    }
    let packed: AsyncIterable<Uint8Array>;
    if (subject.pack === undefined) {
      packed = packStream({ ...subject, spec: { ...subject.spec, level: 'fastest' } }, content(), {
        reuse: true,
      });
    } else {
      const whole: Buffer[] = [];
      for await (const chunk of content()) whole.push(Buffer.from(chunk));
      packed = chunked(await subject.pack(Buffer.concat(whole)), 100_000);
    }
    const unpacked = unpackStream(subject, packed, { reuse: true });
    let crcOut = 0;
    for await (const chunk of unpacked) crcOut = crc32(chunk, crcOut);
    expect(unpacked.stats.bytesOut).toBe(mebibytes * MiB);
    expect(crcOut).toBe(crcIn);
  });

  test.skipIf(subject.pack !== undefined)(
    'the same content gives the same bytes, on any number of threads',
    async () => {
      const content = text(5 * MiB + 17);
      const packed = await Promise.all(
        (threaded ? [1, 2, 3, 4, 'auto'] : [1, 2]).map((threads) =>
          packStream({ ...subject, spec: { ...subject.spec, threads } }, chunked(content, 300_000)).bytes(),
        ),
      );
      const [one] = packed;
      for (const other of packed) expect(Buffer.compare(other, one!)).toBe(0);
      expect((await unpack(subject, one!)).equals(content)).toBe(true);
    },
  );

  test('chunks are read as they are, wherever the bytes lie in their buffer', async () => {
    const content = text(5000);
    const shifted = Buffer.concat([
      Buffer.alloc(3, 0xff),
      await pack(subject, content),
      Buffer.alloc(5, 0xff),
    ]);
    const view = new Uint8Array(shifted.buffer, shifted.byteOffset + 3, shifted.length - 8);
    expect((await unpack(subject, view)).equals(content)).toBe(true);
  });

  test('empty chunks mean nothing', async () => {
    const packed = await pack(subject, text(5000));
    const none = new Uint8Array(0);
    const parts = [none, packed.subarray(0, 20), none, none, packed.subarray(20), none];
    expect((await unpack(subject, parts)).equals(text(5000))).toBe(true);
  });
}
