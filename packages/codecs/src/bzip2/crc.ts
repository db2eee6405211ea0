/** The CRC-32 of bzip2: the same polynomial as that of gzip, the highest bit of every byte first. */

const polynomial = 0x04c11db7;

/** `tables[k][byte]` is what the byte does to the CRC when `k` more bytes follow it. */
const tables = Array.from({ length: 4 }, () => new Uint32Array(256));

for (let byte = 0; byte < 256; byte++) {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ polynomial : crc << 1;
  tables[0]![byte] = crc;
}
for (let k = 1; k < tables.length; k++) {
  for (let byte = 0; byte < 256; byte++) {
    const before = tables[k - 1]![byte]!;
    tables[k]![byte] = (before << 8) ^ tables[0]![before >>> 24]!;
  }
}

export const initialCrc = 0xffffffff;

/** The running value after these bytes. Its complement is the CRC. */
export function updateCrc(value: number, bytes: Uint8Array): number {
  const [table0, table1, table2, table3] = tables as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  const fours = bytes.length & ~3;
  let crc = value;
  let at = 0;
  while (at < fours) {
    crc =
      table3[(crc >>> 24) ^ bytes[at]!]! ^
      table2[((crc >>> 16) & 0xff) ^ bytes[at + 1]!]! ^
      table1[((crc >>> 8) & 0xff) ^ bytes[at + 2]!]! ^
      table0[(crc & 0xff) ^ bytes[at + 3]!]!;
    at += 4;
  }
  while (at < bytes.length) crc = (crc << 8) ^ table0[(crc >>> 24) ^ bytes[at++]!]!;
  return crc;
}
