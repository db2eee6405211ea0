import type { DecompressOptions, Run } from '../codec.ts';
import {
  beginsLikeSnappy,
  checksumBytes,
  chunkHeaderBytes,
  chunkKind,
  type ChunkKind,
  contentLength,
  longestContent,
  streamIdentifier,
} from './chunks.ts';
import { maskedCrc32c } from './crc32c.ts';
import { loadSnappy, type SnappyBlocks } from './engine.ts';

/**
 * Decodes snappy streams in the framing format, one after the other, and checks the CRC-32C of every
 * chunk. The format has no end: a cut between two chunks cannot be seen.
 */
export async function* decompressSnappy(
  run: Run,
  _options: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { input, stats } = run;
  const snappy = await loadSnappy('reading snappy');
  await checkBeginning(run);
  do {
    const { offset } = input;
    const { kind, type, length } = await takeChunkHeader(run);
    if (kind === 'compressed' || kind === 'stored') {
      yield await takeContent(run, length, kind === 'compressed' ? snappy : undefined);
    } else if (kind === 'skippable') {
      await skip(run, length);
    } else if (kind === 'identifier') {
      const rest = await input.take(Math.min(length, streamIdentifier.length));
      if (rest.length < length && rest.length < streamIdentifier.length) throw truncated(run);
      if (!streamIdentifier.subarray(chunkHeaderBytes).equals(rest)) {
        throw run.error('CORRUPT', 'a stream identifier is not sNaPpY');
      }
      stats.members++;
    } else {
      throw run.error('TRAILING_DATA', `no chunk has the type ${type} and ${length} bytes`, { offset });
    }
  } while ((await input.peek()).length > 0);
}

async function checkBeginning(run: Run): Promise<void> {
  const head = await run.input.lookAhead(streamIdentifier.length);
  if (!beginsLikeSnappy(head)) {
    throw run.error('CORRUPT', 'this is not framed snappy: it does not begin with a stream identifier', {
      hint: 'A single block without frames, as Parquet and Kafka store it, is not read here',
    });
  }
  if (head.length < streamIdentifier.length) throw truncated(run);
}

async function takeChunkHeader(run: Run): Promise<{ kind: ChunkKind; type: number; length: number }> {
  const header = await run.input.take(chunkHeaderBytes);
  const [type = 0, low = 0, middle = 0, high = 0] = header;
  const length = low | (middle << 8) | (high << 16);
  const kind = chunkKind(type, length);
  // Other data that follows a stream is named as that, even where it is too short for a header.
  if (header.length < chunkHeaderBytes && chunkKind(type, checksumBytes) !== 'undefined')
    throw truncated(run);
  return { kind, type, length };
}

/** Takes a chunk of that length with content, which is compressed if there is an engine for it. */
async function takeContent(run: Run, length: number, snappy: SnappyBlocks | undefined): Promise<Uint8Array> {
  const chunk = await run.input.take(length);
  if (chunk.length < length) throw truncated(run);
  const data = chunk.subarray(checksumBytes);
  if ((snappy === undefined ? data.length : contentLength(data)) > longestContent) {
    throw run.error('CORRUPT', 'a chunk claims to have more than 64 KiB of content');
  }
  const content = snappy === undefined ? data : uncompress(run, snappy, data);
  if (new DataView(chunk.buffer, chunk.byteOffset).getUint32(0, true) !== maskedCrc32c(content)) {
    throw run.error('CHECKSUM', 'the content of a chunk does not match its CRC-32C');
  }
  return content;
}

function uncompress(run: Run, snappy: SnappyBlocks, data: Uint8Array): Uint8Array {
  try {
    return Buffer.from(snappy.uncompressSync(data, { asBuffer: true }));
  } catch (cause) {
    throw run.error('CORRUPT', 'a chunk breaks the rules of the format', { cause });
  }
}

async function skip(run: Run, length: number): Promise<void> {
  for (let left = length; left > 0;) {
    const { length: there } = await run.input.peek();
    if (there === 0) throw truncated(run);
    const skipped = Math.min(left, there);
    run.input.advance(skipped);
    left -= skipped;
  }
}

const truncated = (run: Run): Error =>
  run.error('TRUNCATED', 'the data ends inside a snappy stream', {
    hint: 'The file is incomplete: fetch or write it again',
  });
