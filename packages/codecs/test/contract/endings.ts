import { expect, test } from 'vitest';

import { chunked, outcomeOf, text } from '../samples.ts';
import { pack, unpack, unpackStream, type Subject } from './subject.ts';

const first = text(3000, 1);
const second = text(70_000, 2);

/** What a second member behind the first comes to: both contents, or an error. */
const concatenated = async (subject: Subject, input: AsyncIterable<Uint8Array>): Promise<unknown> => {
  const stream = unpackStream(subject, input);
  const outcome = await outcomeOf(stream.bytes());
  return outcome instanceof Error ? outcome : { output: outcome, members: stream.stats.members };
};

export function endingContract(subject: Subject): void {
  const packAll = (...parts: Uint8Array[]): Promise<Uint8Array[]> =>
    Promise.all(parts.map((part) => pack(subject, part)));
  const trailing = expect.objectContaining({ code: 'TRAILING_DATA' }) as unknown;

  test.each([1, 1000, 1_000_000])('members one after the other, in chunks of %i', async (size) => {
    const packed = await packAll(first, Buffer.alloc(0), second);
    const outcome = await concatenated(subject, chunked(Buffer.concat(packed), size));
    const both = { output: Buffer.concat([first, second]), members: 3 };
    expect(outcome).toEqual(subject.concatenation ? both : trailing);
  });

  test('a hundred members', async () => {
    const [packed] = await packAll(first);
    const hundred = Buffer.concat(Array.from({ length: 100 }, () => packed!));
    const outcome = await concatenated(subject, chunked(hundred, 1_000_000));
    const all = { output: Buffer.concat(Array.from({ length: 100 }, () => first)), members: 100 };
    expect(outcome).toEqual(subject.concatenation ? all : trailing);
  });

  test.each([1, 1_000_000])('zero padding, in chunks of %i', async (size) => {
    const [one, two] = await packAll(first, second);
    const zeros = Buffer.alloc(512);
    const behind = await concatenated(subject, chunked(Buffer.concat([one!, zeros]), size));
    expect(behind).toEqual(subject.padding ? { output: first, members: 1 } : trailing);
    const between = await concatenated(subject, chunked(Buffer.concat([one!, zeros, two!, zeros]), size));
    const both = { output: Buffer.concat([first, second]), members: 2 };
    expect(between).toEqual(subject.padding ? both : trailing);
  });

  test.each([1, 7, 1_000_000])('anything else behind the last member, in chunks of %i', async (size) => {
    const packed = await pack(subject, first);
    for (const garbage of ['garbage, and more of it', '\n', '\u0001\u0002\u0003\u0004\u0005']) {
      const input = Buffer.concat([packed, Buffer.from(garbage)]);
      await expect(unpack(subject, chunked(input, size))).rejects.toMatchObject({
        code: 'TRAILING_DATA',
        offset: packed.length,
        bytesOut: first.length,
      });
    }
  });

  test('a cut at any byte is an error', async () => {
    const content = text(600);
    const packed = await pack(subject, content);
    const outcomes: string[] = [];
    for (let length = 0; length < packed.length; length++) {
      const outcome = await outcomeOf(unpack(subject, packed.subarray(0, length)));
      outcomes.push(`${length}: ${'code' in outcome ? String(outcome.code) : 'unnoticed'}`);
    }
    const unseen = subject.completeAt?.(packed) ?? [];
    const expected = outcomes.map(
      (_, length) => `${length}: ${unseen.includes(length) ? 'unnoticed' : 'TRUNCATED'}`,
    );
    expect(outcomes).toEqual(expected);
  });

  test('a cut behind a complete member is an error', async () => {
    const packed = await pack(subject, first);
    const begun = packed.subarray(0, packed.length / 2);
    await expect(unpack(subject, Buffer.concat([packed, begun]))).rejects.toMatchObject({
      code: subject.concatenation ? 'TRUNCATED' : 'TRAILING_DATA',
    });
  });
}
