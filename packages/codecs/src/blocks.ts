import type { ByteCursor } from './byte-cursor.ts';

export interface Block {
  bytes: Uint8Array;
  /** Whether the input ends with this block. */
  last: boolean;
}

/**
 * Gathers the input into blocks of `size` bytes, the last of which may be shorter and is empty only
 * if the input is. `buffers` of them take turns: a block stays as it is until `buffers` more blocks
 * were asked for, less one.
 */
export async function* blocksOf(
  input: ByteCursor,
  size: number,
  buffers: number,
): AsyncGenerator<Block, void, undefined> {
  const ring: Uint8Array[] = [];
  for (let turn = 0; ; turn = (turn + 1) % buffers) {
    const buffer = (ring[turn] ??= Buffer.allocUnsafeSlow(size));
    const bytes = buffer.subarray(0, await input.readInto(buffer));
    // The end shows only behind a full block.
    const last = bytes.length < size || (await input.peek()).length === 0;
    yield { bytes, last };
    if (last) return;
  }
}
