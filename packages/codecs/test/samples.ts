import * as zlib from 'node:zlib';

export const hasZstd = 'createZstdCompress' in zlib;

/** Words in a fixed pseudo-random order: compressible, but not trivially. */
export function text(length: number, seed = 1): Buffer {
  const words = ['alpha', 'beta', 'gamma', 'delta', '2024-01-31', '17.25', 'NULL', '"quoted, cell"'];
  const bytes = Buffer.alloc(length);
  let state = seed;
  for (let at = 0; at < length;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const word = words[state >>> 29] ?? '';
    at += bytes.write(`${word}${state & 0x100 ? '\n' : ','}`, at, 'latin1');
  }
  return bytes;
}

/** The same bytes in chunks of one size, as a source that uses its buffer again for every chunk. */
export async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  // A Buffer, because `slice` of it is no copy.
  const buffer = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
    buffer.fill(0xee);
  }
}

/** Bytes that no codec can make shorter, in a fixed order (xorshift32). */
export function noise(length: number, seed = 7): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed;
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return Buffer.from(words.buffer, 0, length);
}

/** The error that a promise rejects with; `undefined` if it does not. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** What a promise of bytes comes to. */
export const outcomeOf = (bytes: Promise<Uint8Array>): Promise<Buffer | Error> =>
  bytes.then(
    (whole) => Buffer.from(whole),
    (error: Error) => error,
  );

/** What every file in fixtures/packed holds: lines, a long run of one byte, and every byte there is. */
export function packedContent(): Buffer {
  const lines = Array.from(
    { length: 2700 },
    (_, i) => `${i},item ${(i * 7919) % 1000},${'abcdefghij'.charAt(i % 10).repeat(i % 23)}\n`,
  );
  const everyByte = Uint8Array.from({ length: 3 * 256 }, (_, i) => i);
  return Buffer.concat([Buffer.from(lines.join('')), Buffer.alloc(5000), everyByte]);
}
