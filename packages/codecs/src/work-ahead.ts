/**
 * The same chunks, each of which is handed over only after the next one has been asked for, so that
 * making a chunk and using the one before it go on side by side.
 *
 * Whoever makes the chunks must therefore leave one alone until the next but one is asked for. To end
 * them is left to the caller: they may wait for a source that is silent.
 */
export async function* workAhead<Chunk>(
  chunks: AsyncGenerator<Chunk, void, undefined>,
): AsyncGenerator<Chunk, void, undefined> {
  let pending = chunks.next();
  for (;;) {
    const { done, value } = await pending;
    if (done === true) return;
    pending = chunks.next();
    // Its failure is thrown when it is asked for, or concerns nobody.
    pending.catch(() => {});
    yield value;
  }
}
