/** CRC-32C (Castagnoli), and the masked form of it that the snappy framing format stores. */

const polynomial = 0x82f63b78;

/** Four tables of 256, for four bytes at a time. */
const tables = makeTables();

function makeTables(): Uint32Array {
  const made = new Uint32Array(4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    made[byte] = value;
  }
  for (let at = 256; at < made.length; at++) {
    const value = made[at - 256]!;
    made[at] = made[value & 0xff]! ^ (value >>> 8);
  }
  return made;
}

export function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  let i = 0;
  for (const end = bytes.length & ~3; i < end; i += 4) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      tables[768 + (crc & 0xff)]! ^
      tables[512 + ((crc >>> 8) & 0xff)]! ^
      tables[256 + ((crc >>> 16) & 0xff)]! ^
      tables[crc >>> 24]!;
  }
  for (; i < bytes.length; i++) crc = tables[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** A checksum of data that may contain checksums itself (framing format, 3). */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
