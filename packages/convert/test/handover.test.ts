import { describe, expect, test } from 'vitest';

import { pulled } from '../src/handover.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('pulled', () => {
  test('hands over each chunk and ends with the producer', async () => {
    const seen: number[] = [];
    const source = pulled<Uint8Array>(async (push) => {
      await push(bytes(1));
      await push(bytes(2));
    });
    for await (const chunk of source) seen.push(...chunk);
    expect(seen).toEqual([1, 2]);
  });

  test('a producer may write from one buffer again and again', async () => {
    const buffer = bytes(0);
    const seen: number[] = [];
    const source = pulled<Uint8Array>(async (push) => {
      for (let value = 1; value < 5; value += 1) {
        buffer[0] = value;
        await push(buffer);
      }
    });
    for await (const chunk of source) {
      await new Promise(setImmediate);
      seen.push(chunk[0]!);
    }
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  test('nothing is produced before it is asked for, nor more than is asked for', async () => {
    let produced = 0;
    const source = pulled<Uint8Array>(async (push) => {
      for (;;) {
        produced += 1;
        await push(bytes(produced));
      }
    });
    expect(produced).toBe(0);
    await source.next();
    await new Promise(setImmediate);
    expect(produced).toBe(1);
    await source.return();
  });

  test('what the producer throws comes out, before or after a chunk', async () => {
    const source = pulled<Uint8Array>(async (push) => {
      await push(bytes(1));
      throw new Error('broken');
    });
    expect((await source.next()).value).toEqual(bytes(1));
    await expect(source.next()).rejects.toThrow('broken');
    await expect(pulled<Uint8Array>(() => Promise.reject(new Error('at once'))).next()).rejects.toThrow(
      'at once',
    );
  });

  test('a consumer that leaves early ends the producer, and waits for its end', async () => {
    let cleaned = false;
    const source = pulled<Uint8Array>(async (push) => {
      try {
        for (;;) await push(bytes(1));
      } finally {
        await new Promise(setImmediate);
        cleaned = true;
      }
    });
    for await (const chunk of source) {
      expect(chunk).toEqual(bytes(1));
      break;
    }
    expect(cleaned).toBe(true);
  });

  test('a write that does not wait for the one before it is refused', async () => {
    const source = pulled<Uint8Array>(async (push) => {
      await Promise.all([push(bytes(1)), push(bytes(2))]);
    });
    await source.next();
    await expect(source.next()).rejects.toThrow('before the one before it');
  });
});
