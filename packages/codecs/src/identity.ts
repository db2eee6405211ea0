import type { Run } from './codec.ts';

/** No compression: the bytes as they are, in buffers of their own. */
export async function* copyThrough(run: Run): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    const chunk = await run.input.peek();
    if (chunk.length === 0) return;
    yield new Uint8Array(chunk);
    run.input.advance(chunk.length);
  }
}
