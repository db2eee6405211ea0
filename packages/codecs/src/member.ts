import type { Run } from './codec.ts';
import type { Engine } from './engine/engine.ts';
import { guarded } from './engine/engine-error.ts';

/**
 * Decodes one member with an engine that finds the member's end by itself (deflate, zlib, brotli),
 * and leaves the cursor right behind it.
 */
export async function* decodeMember(run: Run, engine: Engine): AsyncGenerator<Uint8Array, void, undefined> {
  const { input } = run;
  for (;;) {
    const chunk = await input.peekAhead();
    if (chunk.length === 0) {
      yield* guarded(run, engine.end());
      return;
    }
    const { taken, ended } = yield* guarded(
      run,
      engine.write(chunk, () => input.nextIsThere),
    );
    input.advance(taken);
    if (ended) return;
  }
}
