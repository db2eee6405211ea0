import * as zlib from 'node:zlib';

import { compress, decompress } from '@x/codecs';
import { arrow } from '@x/format-arrow';
import { expect, test } from 'vitest';

import { decodeLz4Frame } from '../src/codec/lz4-decode.ts';
import { encodeLz4Frame } from '../src/codec/lz4-encode.ts';
import { rowsOf, written } from './memory.ts';

const column = { columns: [{ name: 'b', type: { kind: 'binary' } as const }] };
const MiB = 1024 * 1024;

/** Bytes that repeat, in runs of all lengths, and bytes that do not. */
function sample(length: number, kind: 'runs' | 'noise' | 'words'): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 12_345;
  const random = (): number => (state = Math.imul(state, 1_103_515_245) + 12_345) >>> 16;
  for (let at = 0; at < length;) {
    if (kind === 'noise') bytes[at++] = random();
    else if (kind === 'words') at += Buffer.from(bytes.buffer).write(`${random() % 500} `, at);
    else {
      const end = at + 1 + (random() % 700);
      bytes.fill(random(), at, end);
      at = end;
    }
  }
  return bytes;
}

const lengths = [
  0,
  1,
  4,
  5,
  8,
  12,
  13,
  16,
  17,
  270,
  65_535,
  65_536,
  70_000,
  MiB,
  MiB + 1,
  MiB + 13,
  3 * MiB + 5,
];
const kinds = ['runs', 'noise', 'words'] as const;
const hasZstd = 'zstdCompressSync' in zlib;

test.each(hasZstd ? (['lz4', 'zstd'] as const) : (['lz4'] as const))(
  'what is compressed with %s comes back, of any length',
  async (compression) => {
    for (const kind of kinds) {
      for (const length of lengths) {
        const bytes = sample(length, kind);
        const { rows } = await rowsOf(await written(column, [[bytes]], { compression }));
        const isSame = Buffer.compare(rows[0]![0] as Uint8Array, bytes) === 0;
        expect([kind, length, isSame]).toEqual([kind, length, true]);
      }
    }
  },
);

test('another decoder reads the frames of LZ4', async () => {
  const bytes = sample(3 * MiB + 5, 'words');
  const file = Buffer.from(await written(column, [[bytes]], { compression: 'lz4' }));
  const start = file.lastIndexOf(Buffer.from([0x04, 0x22, 0x4d, 0x18]));
  const end = file.indexOf(Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]), start);
  // Behind the frame there may be zeros up to a multiple of 8.
  for (let cut = end; ; cut--) {
    const frame = file.subarray(start, cut);
    const found = await decompress([frame], 'lz4')
      .bytes()
      .catch(() => undefined);
    if (found === undefined && end - cut < 8) continue;
    expect(found !== undefined && Buffer.compare(found, bytes) === 0).toBe(true);
    break;
  }
});

test('frames of another encoder are read, and held to their checksums', async () => {
  for (const length of lengths.filter((one) => one > 0)) {
    const bytes = sample(length, 'runs');
    const frame = await compress([bytes], { codec: 'lz4', checksum: true }).bytes();
    expect(Buffer.compare(decodeLz4Frame(frame, length), bytes)).toBe(0);
    const damaged = Uint8Array.from(frame);
    damaged[frame.length - 1]! ^= 1;
    expect(() => decodeLz4Frame(damaged, length)).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  }
});

test('the last five bytes of a block are literals, as the format has it', () => {
  const frame = encodeLz4Frame(Buffer.alloc(1000, 7));
  expect([...frame.subarray(-10, -4)]).toEqual([0x50, 7, 7, 7, 7, 7]);
});

test.skipIf(hasZstd)('zstd is refused, with what to do, where Node.js lacks it', () => {
  expect(() => arrow().createWriter({ write: () => undefined }, { compression: 'zstd' })).toThrow(
    expect.objectContaining({ code: 'UNAVAILABLE', hint: expect.stringContaining('22.15') }),
  );
});
