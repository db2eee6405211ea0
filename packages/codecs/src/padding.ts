import type { Run } from './codec.ts';

/** Takes the zero bytes that fill up the last block of a tape or device behind a member; they mean nothing. */
export async function skipPadding({ input }: Run): Promise<void> {
  for (;;) {
    const chunk = await input.peek();
    const content = chunk.findIndex((byte) => byte !== 0);
    input.advance(content === -1 ? chunk.length : content);
    if (content !== -1 || chunk.length === 0) return;
  }
}
