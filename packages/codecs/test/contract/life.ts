import { setImmediate as turn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { failureOf, noise, text } from '../samples.ts';
import { pack, packStream, unpackStream, type Subject } from './subject.ts';

/** A source of many chunks that counts what was pulled, and tells when it was closed. */
function counted(bytes: Uint8Array, size: number) {
  const state = { pulled: 0, closed: false };
  async function* source(): AsyncGenerator<Uint8Array, void> {
    try {
      for (let at = 0; at < bytes.length; at += size) {
        const chunk = bytes.slice(at, at + size);
        state.pulled += chunk.length;
        yield chunk;
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, source: source() };
}

/** A source that delivers something and then hangs. */
async function* hanging(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
  await new Promise(() => {});
}

const turns = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) await turn();
};

export function lifeContract(subject: Subject): void {
  const { ahead = 2_000_000 } = subject;
  const directions = {
    decompress: unpackStream,
    ...(subject.pack === undefined ? { compress: packStream } : {}),
  };

  for (const [direction, run] of Object.entries(directions)) {
    const input = (content: Uint8Array): Promise<Uint8Array> =>
      direction === 'compress' ? Promise.resolve(content) : pack(subject, content);

    test(`${direction}: nothing is pulled before the first chunk is asked for`, async () => {
      const { state, source } = counted(await input(text(10_000)), 1000);
      run(subject, source);
      await turns(5);
      expect(state.pulled).toBe(0);
    });

    test(`${direction}: a slow consumer holds the source back`, async () => {
      const { state, source } = counted(await input(noise(ahead + 1_000_000)), 20_000);
      const iterator = run(subject, source)[Symbol.asyncIterator]();
      await iterator.next();
      await turns(200);
      expect(state.pulled).toBeLessThan(ahead);
      await iterator.return?.();
    });

    test(`${direction}: leaving early closes the source`, async () => {
      const { state, source } = counted(await input(noise(6_000_000)), 20_000);
      for await (const chunk of run(subject, source)) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(state.closed).toBe(true);
      expect(state.pulled).toBeLessThan(ahead);
    });

    test(`${direction}: an abort ends it with the signal's reason`, async () => {
      const reason = new Error('enough');
      const content = await input(noise(6_000_000));
      const before = run(subject, content, { signal: AbortSignal.abort(reason) });
      expect(await failureOf(before.bytes())).toBe(reason);

      const controller = new AbortController();
      const { state, source } = counted(content, 20_000);
      const iterator = run(subject, source, { signal: controller.signal })[Symbol.asyncIterator]();
      await iterator.next();
      controller.abort(reason);
      expect(await failureOf(iterator.next())).toBe(reason);
      // What was under way on the thread pool comes to its end first.
      while (!state.closed) await turns(1);
      expect(state.pulled).toBeLessThan(ahead);
    });

    test(`${direction}: an abort ends it while the source hangs`, async () => {
      const reason = new Error('enough');
      const controller = new AbortController();
      const source = hanging((await input(text(10_000))).subarray(0, 20));
      const result = failureOf(run(subject, source, { signal: controller.signal }).bytes());
      await turns(5);
      controller.abort(reason);
      expect(await result).toBe(reason);
    });

    test(`${direction}: an error of the source comes out unchanged`, async () => {
      const problem = Object.assign(new Error('the disk is on fire'), { code: 'Z_DATA_ERROR' });
      const content = await input(text(100_000));
      async function* failing(): AsyncGenerator<Uint8Array, void> {
        yield content.subarray(0, content.length / 2);
        throw problem;
      }
      expect(await failureOf(run(subject, failing()).bytes())).toBe(problem);
    });

    test(`${direction}: chunks keep what they hold`, async () => {
      const content = await input(text(3_000_000));
      const kept: Uint8Array[] = [];
      const copies: Buffer[] = [];
      for await (const chunk of run(subject, content)) {
        kept.push(chunk);
        copies.push(Buffer.from(chunk));
      }
      expect(Buffer.concat(kept).equals(Buffer.concat(copies))).toBe(true);
    });

    test(`${direction}: chunks that use their memory again hold until the next one`, async () => {
      const content = await input(text(3_000_000));
      const copies: Buffer[] = [];
      for await (const chunk of run(subject, content, { reuse: true })) {
        await turns(1);
        copies.push(Buffer.from(chunk));
      }
      const fresh = await run(subject, content).bytes();
      expect(Buffer.concat(copies).equals(fresh)).toBe(true);
    });

    test(`${direction}: a consumer may change its chunks`, async () => {
      const content = await input(text(3_000_000));
      const copies: Buffer[] = [];
      for await (const chunk of run(subject, content)) {
        copies.push(Buffer.from(chunk));
        chunk.fill(0);
      }
      const untouched = await run(subject, content).bytes();
      expect(Buffer.concat(copies).equals(untouched)).toBe(true);
    });

    test(`${direction}: the counts are those of the bytes`, async () => {
      const content = await input(text(100_000));
      const stream = run(subject, content);
      const output = await stream.bytes();
      expect(stream.stats).toEqual({ bytesIn: content.length, bytesOut: output.length, members: 1 });
    });
  }
}
