import { explain } from './errors.ts';
import { type Options, parseOptions } from './options.ts';
import { append, begin, discard, publish, seal } from './pending.ts';
import { type Chunk, type Source, chunkBytes, isChunk } from './source.ts';
import { openWith } from './atomic-file.ts';
import { type Steps, runAsync, runSync } from './steps.ts';
import { absolutePath } from './target.ts';
import type { Settings } from './options.ts';

/** Replaces a file with `data`, which is there whole when the promise resolves, or not at all. */
export async function writeFile(
  path: string | URL,
  data: Chunk | Source,
  options?: Options | BufferEncoding | null,
): Promise<void> {
  const settings = parseOptions(options);
  const file = absolutePath(path);
  if (isChunk(data)) {
    await runAsync(settings.host.async, writeWhole(file, chunkBytes(data, settings.encoding), settings));
    return;
  }
  const atomic = await openWith(file, settings);
  await atomic.writeAll(data);
  await atomic.commit();
}

/** As {@link writeFile}, blocking. */
export function writeFileSync(
  path: string | URL,
  data: Chunk,
  options?: Options | BufferEncoding | null,
): void {
  const settings = parseOptions(options);
  const bytes = chunkBytes(data, settings.encoding);
  runSync(settings.host.sync, writeWhole(absolutePath(path), bytes, settings));
}

function* writeWhole(file: string, bytes: Uint8Array, settings: Settings): Steps<void> {
  try {
    const pending = yield* begin(file, settings);
    try {
      yield* append(pending, bytes);
      yield* seal(pending);
      yield* publish(pending);
    } catch (error) {
      const failure = explain(error, {
        path: pending.target.path,
        tempPath: pending.tempPath,
        committed: pending.committed,
      });
      yield* discard(pending);
      throw failure;
    }
  } catch (error) {
    throw explain(error, { path: file });
  }
}
