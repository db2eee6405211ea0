import { readdirSync, readFileSync } from 'node:fs';

import { byName, CodecError, decompress, detectCodec } from '@x/codecs';
import { describe, expect, test } from 'vitest';

import { chunked, outcomeOf, packedContent } from './samples.ts';

/* Files that reference tools have made. One that is put into the folder is tested, too. */
const folder = new URL('fixtures/packed/', import.meta.url);
const content = packedContent();

describe.each(readdirSync(folder))('%s', (name) => {
  const packed = readFileSync(new URL(name, folder));
  const codec = detectCodec(name)!;

  test('is recognised', () => {
    const hasMagic = byName(codec).magic !== undefined;
    expect(detectCodec(packed)).toBe(hasMagic ? codec : undefined);
  });

  test.each([1, 1000, 1_000_000])('is read whole, in chunks of %i', async (size) => {
    const output = await decompress(chunked(packed, size), 'auto', { path: name }).bytes();
    expect(content.equals(output)).toBe(true);
  });

  test('is not taken for whole when it is cut', async () => {
    const outcomes: (Buffer | Error)[] = [];
    for (let i = 0; i <= 40; i++) {
      const length = Math.min(packed.length - 1, Math.floor((packed.length * i) / 40));
      outcomes.push(await outcomeOf(decompress(packed.subarray(0, length), codec).bytes()));
    }
    // A cut between two members, or in padding, cannot be seen.
    const read = outcomes.filter((outcome): outcome is Buffer => outcome instanceof Buffer);
    expect(read.length).toBeLessThan(4);
    for (const output of read) expect(content.subarray(0, output.length).equals(output)).toBe(true);
    const errors = outcomes.filter((outcome) => outcome instanceof CodecError);
    expect(errors.length + read.length).toBe(outcomes.length);
  });
});
