import { blocksOf } from '../blocks.ts';
import type { CompressOptions, Run } from '../codec.ts';
import {
  checksumBytes,
  chunkHeaderBytes,
  compressedType,
  longestContent,
  storedType,
  streamIdentifier,
} from './chunks.ts';
import { maskedCrc32c } from './crc32c.ts';
import { loadSnappy, type SnappyBlocks } from './engine.ts';

/** Bytes of input that one piece of output is made of. */
const blockSize = 4 * longestContent;

/** Encodes one stream in the framing format, with a CRC-32C for every 64 KiB. */
export async function* compressSnappy(
  run: Run,
  _options: CompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const snappy = await loadSnappy('writing snappy');
  yield Buffer.from(streamIdentifier);
  for await (const { bytes } of blocksOf(run.input, blockSize, 1)) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += longestContent) {
      chunks.push(...chunkOf(snappy, bytes.subarray(at, at + longestContent)));
    }
    yield Buffer.concat(chunks);
  }
  run.stats.members++;
}

/** What would not get shorter by an eighth is stored as it is. */
function chunkOf(snappy: SnappyBlocks, content: Uint8Array): [header: Uint8Array, data: Uint8Array] {
  const compressed = snappy.compressSync(content);
  const isShorter = compressed.length < content.length - content.length / 8;
  const data = isShorter ? compressed : content;
  const header = Buffer.alloc(chunkHeaderBytes + checksumBytes);
  header[0] = isShorter ? compressedType : storedType;
  header.writeUIntLE(checksumBytes + data.length, 1, 3);
  header.writeUInt32LE(maskedCrc32c(content), chunkHeaderBytes);
  return [header, data];
}
