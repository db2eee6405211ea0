import type { Engine, EngineOptions, ZlibStream } from './engine.ts';
import { HandleEngine } from './handle-engine.ts';
import { StreamEngine } from './stream-engine.ts';
import { handlesWork } from './try-handles.ts';

/**
 * Opens an engine on the stream that `create` makes: on its handle where that works as expected,
 * else on the stream itself, which takes longer.
 */
export async function openEngine(
  create: (chunkSize: number) => ZlibStream,
  options: EngineOptions,
): Promise<Engine> {
  return (await handlesWork()) ? new HandleEngine(create, options) : new StreamEngine(create);
}
