import { discardAfter } from './cleanup/discard.ts';
import { badOption, explain } from './errors.ts';
import { type Steps, runAsync, runSync } from './host/steps.ts';
import { type Options, type PathLike, type Settings, parseOptions } from './options.ts';
import { publish } from './rename/publish.ts';
import { append } from './write/append.ts';
import { begin } from './write/begin.ts';
import { FileWork } from './write/file-work.ts';
import { seal } from './write/seal.ts';
import { type Chunk, type Source, SourceReader, chunkBytes, isChunk } from './write/source.ts';
import { absolutePath } from './write/target.ts';

/**
 * Replaces a file with `data`: when the promise resolves, all of it is there, and a power cut does
 * not undo it; when it rejects, the file is what it was.
 *
 * @param data A string, bytes, or a source of those: an iterable, a stream of Node.js or of the web.
 * @throws {AtomicWriteError} And, as they are, the errors of the source.
 */
export async function writeFile(
  path: PathLike,
  data: Chunk | Source,
  options?: Options | BufferEncoding | null,
): Promise<void> {
  const settings = parseOptions(options, 'async');
  const file = absolutePath(path);
  if (isChunk(data)) {
    await runAsync(settings.host.async, writeWhole(file, [chunkBytes(data, settings.encoding)], settings));
    return;
  }
  const source = new SourceReader(data);
  const work = await beginOrCancel(file, settings, source);
  await work.appendAll(source);
  await work.commit();
}

async function beginOrCancel(file: string, settings: Settings, source: SourceReader): Promise<FileWork> {
  try {
    return await FileWork.begin(file, settings);
  } catch (error) {
    // Not awaited: the source may be in the middle of an answer that takes long.
    source.cancel().catch(() => undefined);
    throw error;
  }
}

/**
 * As {@link writeFile}, blocking.
 *
 * @param data A string, bytes, or an iterable of those.
 */
export function writeFileSync(
  path: PathLike,
  data: Chunk | Iterable<Chunk>,
  options?: Options | BufferEncoding | null,
): void {
  const settings = parseOptions(options, 'sync');
  runSync(settings.host.sync, writeWhole(absolutePath(path), allBytes(data, settings.encoding), settings));
}

function* allBytes(data: Chunk | Iterable<Chunk>, encoding: BufferEncoding): Iterable<Uint8Array> {
  if (isChunk(data)) {
    yield chunkBytes(data, encoding);
    return;
  }
  if (typeof data !== 'object' || data === null || !(Symbol.iterator in data)) {
    throw badOption('The data must be a string, bytes or an iterable; only writeFile takes streams');
  }
  for (const chunk of data) yield chunkBytes(chunk, encoding);
}

function* writeWhole(file: string, chunks: Iterable<Uint8Array>, settings: Settings): Steps<void> {
  try {
    const pending = yield* begin(file, settings);
    try {
      for (const chunk of chunks) yield* append(pending, [chunk]);
      yield* seal(pending);
      yield* publish(pending);
    } catch (error) {
      throw yield* discardAfter(error, pending);
    }
  } catch (error) {
    throw explain(error, { path: file });
  }
}
