import * as zlib from 'node:zlib';

import type { CompressOptions, DecompressOptions, Run } from './codec.ts';
import { openEngine } from './engine/open-engine.ts';
import { decodeMember } from './member.ts';
import { levelOf } from './level.ts';

/**
 * gzip, RFC 1952. `node:zlib` does the deflating; header, checksum and trailer are done here,
 * because its own gunzip hides where a member ends and drops a member after zero padding.
 */

const chunkSize = 256 * 1024;
const trailerLength = 8;

const flags = { headerCrc: 0x02, extra: 0x04, name: 0x08, comment: 0x10, reserved: 0xe0 };

export const levels = { min: 0, max: 9, fastest: 1, fast: 3, default: 6, best: 9 };

export function isGzip(head: Uint8Array): boolean {
  return head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/** Decodes every member, as `gzip -dc` does; zero padding may follow each of them. */
export async function* decompressGzip(
  run: Run,
  _options: DecompressOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { input } = run;
  const engine = await openEngine((size) => zlib.createInflateRaw({ chunkSize: size }), {
    direction: 'decompress',
    finish: zlib.constants.Z_FINISH,
    chunkSize,
    reuse: run.reuse,
  });
  try {
    do {
      if (run.stats.members > 0) engine.reset();
      await readHeader(run);
      let crc = 0;
      let length = 0;
      for await (const chunk of decodeMember(run, engine)) {
        crc = zlib.crc32(chunk, crc);
        length = (length + chunk.length) % 2 ** 32;
        yield chunk;
      }
      await checkTrailer(run, crc, length);
      run.stats.members++;
      await skipPadding(run);
    } while ((await input.peek()).length > 0);
  } finally {
    engine.close();
  }
}

/**
 * Encodes one member. The header holds no time, no name and the OS byte 255 (unknown), so that
 * the same content gives the same bytes everywhere.
 */
export async function* compressGzip(run: Run, options: CompressOptions): AsyncGenerator<Uint8Array, void> {
  const { input } = run;
  const level = levelOf('gzip', levels, options.level);
  const extraFlags = level === 9 ? 2 : level === 1 ? 4 : 0;
  yield new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, extraFlags, 255]);
  const engine = await openEngine((size) => zlib.createDeflateRaw({ level, chunkSize: size }), {
    direction: 'compress',
    finish: zlib.constants.Z_FINISH,
    chunkSize,
    reuse: run.reuse,
  });
  let crc = 0;
  let length = 0;
  try {
    for (;;) {
      const chunk = await input.peek();
      if (chunk.length === 0) break;
      crc = zlib.crc32(chunk, crc);
      length = (length + chunk.length) % 2 ** 32;
      yield* engine.write(chunk);
      input.advance(chunk.length);
    }
    yield* engine.end();
  } finally {
    engine.close();
  }
  const trailer = new Uint8Array(trailerLength);
  const view = new DataView(trailer.buffer);
  view.setUint32(0, crc, true);
  view.setUint32(4, length, true);
  run.stats.members++;
  yield trailer;
}

/** Reads the ten fixed bytes of a member's header and the optional fields behind them (RFC 1952, 2.3). */
async function readHeader(run: Run): Promise<void> {
  const { input, stats } = run;
  const start = input.offset;
  const fixed = await input.take(10);
  let crc = zlib.crc32(fixed);
  if (fixed[0] !== 0x1f || (fixed.length > 1 && fixed[1] !== 0x8b)) {
    if (fixed.length === 0) throw truncated(run);
    if (stats.members > 0)
      throw run.error('TRAILING_DATA', `what follows the last member at byte ${start} is not gzip`);
    throw run.error('CORRUPT', 'this is not gzip data: the magic bytes 1f 8b are missing');
  }
  if (fixed.length < 10) throw truncated(run);
  if (fixed[2] !== 8) throw run.error('CORRUPT', `unknown compression method ${fixed[2]} in the header`);
  const present = fixed[3] ?? 0;
  if (present & flags.reserved) throw run.error('CORRUPT', 'reserved flags are set in the header');

  const take = async (count: number): Promise<Uint8Array> => {
    const bytes = await input.take(count);
    if (bytes.length < count) throw truncated(run);
    crc = zlib.crc32(bytes, crc);
    return bytes;
  };
  if (present & flags.extra) {
    const [low = 0, high = 0] = await take(2);
    await take(low | (high << 8));
  }
  for (const field of [flags.name, flags.comment]) {
    if (present & field) while ((await take(1))[0] !== 0);
  }
  if (present & flags.headerCrc) {
    const expected = crc & 0xffff;
    const [low = 0, high = 0] = await take(2);
    if ((low | (high << 8)) !== expected) throw run.error('CHECKSUM', 'the header does not match its CRC-16');
  }
}

async function checkTrailer(run: Run, crc: number, length: number): Promise<void> {
  const trailer = await run.input.take(trailerLength);
  if (trailer.length < trailerLength) throw truncated(run);
  const view = new DataView(trailer.buffer);
  if (view.getUint32(0, true) !== crc) throw run.error('CHECKSUM', 'the content does not match its CRC-32');
  if (view.getUint32(4, true) !== length) {
    throw run.error('CHECKSUM', 'the content does not have the recorded length');
  }
}

/** Zero bytes behind a member fill up a block of a tape or a device; they mean nothing. */
async function skipPadding({ input }: Run): Promise<void> {
  for (;;) {
    const chunk = await input.peek();
    const content = chunk.findIndex((byte) => byte !== 0);
    input.advance(content === -1 ? chunk.length : content);
    if (content !== -1 || chunk.length === 0) return;
  }
}

const truncated = (run: Run): Error =>
  run.error('TRUNCATED', 'the data ends inside a gzip member', {
    hint: 'The file is incomplete: fetch or write it again',
  });
