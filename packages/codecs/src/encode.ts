import { blocksOf } from './blocks.ts';
import type { Run } from './codec.ts';
import { guarded } from './engine/engine-error.ts';
import type { Engine } from './engine/engine.ts';
import { workAhead } from './work-ahead.ts';

/** Bytes of input that an engine is given at a time: what comes in smaller pieces is gathered. */
const blockSize = 256 * 1024;

/** Encodes all of the input with an engine, gathering one block while the engine has another. */
export async function* encodeAll(
  run: Run,
  engine: Pick<Engine, 'write' | 'end'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const { bytes } of workAhead(blocksOf(run.input, blockSize, 2))) {
    if (bytes.length > 0) yield* guarded(run, engine.write(bytes));
  }
  yield* guarded(run, engine.end());
}
