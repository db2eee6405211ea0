import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

import type { ByteRange } from './record-ranges.ts';

/** Writes a part of a file, with the file's header before it, as a file of its own. */
export async function writePart(
  source: string,
  { header, range }: { readonly header: ByteRange; readonly range: ByteRange },
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = signal ? { signal } : {};
  let flags = 'w';
  for (const { start, end } of [header, range]) {
    if (end > start) {
      await pipeline(
        createReadStream(source, { start, end: end - 1 }),
        createWriteStream(path, { flags }),
        options,
      );
    } else if (flags === 'w') await pipeline([], createWriteStream(path, { flags }), options);
    flags = 'a';
  }
}
