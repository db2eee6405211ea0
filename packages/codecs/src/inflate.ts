import { ZlibEngine, type ZlibStream } from './zlib-engine.ts';
import type { Run } from './codec.ts';
import { guarded } from './zlib-error.ts';

/**
 * Decodes one member with an engine that finds the member's end by itself (deflate, zlib, brotli),
 * and leaves the cursor right behind it.
 */
export async function* inflateMember(
  run: Run,
  createEngine: () => ZlibStream,
): AsyncGenerator<Uint8Array, void> {
  const { input } = run;
  const engine = new ZlibEngine(createEngine());
  try {
    for (;;) {
      const chunk = await input.peek();
      if (chunk.length === 0) {
        yield* guarded(run, engine.end());
        return;
      }
      const { taken, ended } = yield* guarded(run, engine.write(chunk));
      input.advance(taken);
      if (ended) return;
    }
  } finally {
    engine.close();
  }
}
