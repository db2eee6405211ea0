import type { ByteSink } from '@x/formats';

/** Told to a producer whose consumer has gone; it ends the producer and is never seen outside. */
const consumerGone = new Error('the consumer of these bytes has gone');

/**
 * Turns a producer that pushes into a source that is pulled, one chunk at a time and without a
 * copy: `sink.write` resolves when the consumer asks for the next chunk, and so may be written
 * from one buffer again and again.
 *
 * What the producer throws is thrown to the consumer. When the consumer leaves early, the
 * producer's next write rejects, and the producer has ended before this generator has.
 */
export async function* pulled(produce: (sink: ByteSink) => Promise<void>): AsyncGenerator<Uint8Array, void> {
  let wake: (() => void) | undefined;
  let offered: Uint8Array | undefined;
  let release: { resolve: () => void; reject: (reason: unknown) => void } | undefined;
  let gone = false;
  let outcome: { error?: unknown } | undefined;

  const sink: ByteSink = {
    write: (chunk) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(consumerGone);
        if (release) return reject(new Error('a write began before the one before it had ended'));
        offered = chunk;
        release = { resolve, reject };
        wake?.();
      }),
  };
  const produced = (async () => {
    try {
      await produce(sink);
      outcome = {};
    } catch (error) {
      outcome = { error };
    }
    wake?.();
  })();

  try {
    for (;;) {
      if (!release && !outcome) await new Promise<void>((resolve) => (wake = resolve));
      if (release) {
        yield offered!;
        const { resolve } = release;
        release = undefined;
        resolve();
      } else if (outcome) {
        if ('error' in outcome) throw outcome.error;
        return;
      }
    }
  } finally {
    gone = true;
    release?.reject(consumerGone);
    await produced;
  }
}
