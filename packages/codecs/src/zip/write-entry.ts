import type { ByteStream } from '../byte-stream.ts';
import type { BytesSource } from '../chunk-source.ts';
import type { Codec, CompressOptions, Level, Run } from '../codec.ts';
import { byName } from '../codecs.ts';
import { crc32 } from '../crc32.ts';
import { deflateBlocks } from '../gzip/deflate-blocks.ts';
import { levelOf } from '../level.ts';
import * as levels from '../levels.ts';
import { compress } from '../transcode.ts';
import { zipError } from './error.ts';
import { dataDescriptor, directory, localHeader } from './records.ts';

export interface ZipWriteOptions {
  /** Default 6, as for gzip. */
  level?: Level;
  /** Threads to use at most. The bytes do not depend on it. Default `'auto'`. */
  threads?: number | 'auto';
  /** Ends the run with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Makes a zip file with one entry, compressed with deflate. It can be written to a stream: sizes come
 * behind the data. Beyond 4 GiB it is a zip64 file. Throws `BAD_OPTION` for a name that could lead out
 * of the folder into which somebody unpacks it.
 *
 * @param name With `/` between folders, not at the beginning, and without `..`.
 */
export function writeZipEntry(source: BytesSource, name: string, options: ZipWriteOptions = {}): ByteStream {
  const { level, threads, signal } = options;
  const spec = {
    codec: zipOf(checkedName(name)),
    ...(level === undefined ? {} : { level }),
    ...(threads === undefined ? {} : { threads }),
  };
  return compress(source, spec, signal === undefined ? {} : { signal });
}

function checkedName(name: string): Buffer {
  const parts = name.split('/');
  const bytes = Buffer.from(name);
  const isSafe =
    parts.every((part) => part !== '' && part !== '.' && part !== '..') && !/[\\\0]|^[a-z]:/i.test(name);
  if (isSafe && bytes.length <= 0xffff) return bytes;
  throw zipError(
    'BAD_OPTION',
    undefined,
    `an entry cannot be called ${JSON.stringify(name)}`,
    'Use a relative path with / between folders, without ..',
  );
}

/** A codec that encodes to a zip file with an entry of that name. */
const zipOf = (name: Buffer): Codec => ({
  ...byName('gzip'),
  name: 'zip',
  encoder: async () => (run, options) => encode(run, options, name),
});

async function* encode(
  run: Run,
  { level, threads }: CompressOptions,
  name: Buffer,
): AsyncGenerator<Uint8Array, void, undefined> {
  let crc = 0;
  let size = 0;
  let packedSize = 0;
  const header = localHeader(name);
  yield header;
  const data = deflateBlocks(run, {
    level: levelOf('zip', levels.zlib, level),
    threads,
    onBlock: (block) => {
      crc = crc32(block, crc);
      size += block.length;
    },
  });
  for await (const piece of data) {
    packedSize += piece.length;
    yield piece;
  }
  const facts = { name, crc, size, packedSize };
  const descriptor = dataDescriptor(facts);
  yield descriptor;
  yield directory(facts, header.length + packedSize + descriptor.length);
  run.stats.members++;
}
