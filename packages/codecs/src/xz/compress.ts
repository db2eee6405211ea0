import type { CompressOptions, Run } from '../codec.ts';
import { encodeAll } from '../encode.ts';
import { levelOf } from '../level.ts';
import * as levels from '../levels.ts';
import { LzmaEngine } from './lzma-engine.ts';
import { loadLzmaNative } from './lzma-native.ts';

/** Encodes one stream of one block, with a CRC-64 of its content unless `checksum` is false. */
export async function* compressXz(
  run: Run,
  options: CompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const lzma = await loadLzmaNative();
  const stream = new lzma.Stream();
  const check = options.checksum ? lzma.CHECK_CRC64 : lzma.CHECK_NONE;
  // oxlint-disable-next-line no-underscore-dangle -- the name is that of the package
  stream.easyEncoder_(levelOf('xz', levels.xz, options.level), check);
  const engine = new LzmaEngine(stream);
  try {
    yield* encodeAll(run, engine);
  } finally {
    engine.close();
  }
  run.stats.members++;
}
