import type { Run } from '../codec.ts';
import { crc32 } from '../crc32.ts';

/** The header of a gzip member (RFC 1952, 2.3). */

const fixedLength = 10;
const deflate = 8;
const unknownSystem = 255;

const flags = { headerCrc: 0x02, extra: 0x04, name: 0x08, comment: 0x10, reserved: 0xe0 };

export function isGzip(head: Uint8Array): boolean {
  return head.length >= 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === deflate;
}

/** A header without time and name and with the OS byte 255, so that the same content gives the same bytes. */
export function gzipHeader(level: number): Uint8Array {
  const effort = level === 9 ? 2 : level === 1 ? 4 : 0;
  return new Uint8Array([0x1f, 0x8b, deflate, 0, 0, 0, 0, 0, effort, unknownSystem]);
}

/** Takes the ten fixed bytes of a header and the optional fields behind them. */
export async function readGzipHeader(run: Run): Promise<void> {
  const { input, stats } = run;
  const head = await input.lookAhead(2);
  if (head.length === 0) throw truncatedGzip(run);
  if (head[0] !== 0x1f || (head.length > 1 && head[1] !== 0x8b)) {
    if (stats.members > 0) throw run.error('TRAILING_DATA', 'what follows the last member is not gzip');
    throw run.error('CORRUPT', 'this is not gzip data: the magic bytes 1f 8b are missing');
  }
  let crc = 0;
  const take = async (count: number): Promise<Uint8Array> => {
    const bytes = await input.take(count);
    if (bytes.length < count) throw truncatedGzip(run);
    crc = crc32(bytes, crc);
    return bytes;
  };
  const fixed = await take(fixedLength);
  const [, , method = 0, present = 0] = fixed;
  if (method !== deflate) throw run.error('CORRUPT', `the header names the unknown method ${method}`);
  if (present & flags.reserved) throw run.error('CORRUPT', 'reserved flags are set in the header');
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

export const truncatedGzip = (run: Run): Error =>
  run.error('TRUNCATED', 'the data ends inside a gzip member', {
    hint: 'The file is incomplete: fetch or write it again',
  });
