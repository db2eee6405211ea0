/** CRC-64 of the xz format (ECMA-182, reflected), eight bytes at a time. */

const polynomial: u64 = ((<u64>0xc96c5795) << 32) | 0xd7870f42;
const tables: u32 = 32768;

let ready = false;
let crc: u64 = 0;

function makeTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let value = <u64>byte;
    for (let i = 0; i < 8; i++) value = value & 1 ? (value >> 1) ^ polynomial : value >> 1;
    store<u64>(tables + (byte << 3), value);
  }
  for (let at = tables; at < tables + 7 * 2048; at += 8) {
    const value = load<u64>(at);
    store<u64>(at + 2048, load<u64>(tables + ((<u32>value & 0xff) << 3)) ^ (value >> 8));
  }
  ready = true;
}

function entry(table: u32, byte: u64): u64 {
  return load<u64>(tables + (table << 11) + ((<u32>byte & 0xff) << 3));
}

export function crcReset(): void {
  if (!ready) makeTables();
  crc = ~(<u64>0);
}

export function crcUpdate(start: u32, end: u32): void {
  let value = crc;
  let i = start;
  for (; i + 8 <= end; i += 8) {
    const word = value ^ load<u64>(i);
    value =
      entry(7, word) ^
      entry(6, word >> 8) ^
      entry(5, word >> 16) ^
      entry(4, word >> 24) ^
      entry(3, word >> 32) ^
      entry(2, word >> 40) ^
      entry(1, word >> 48) ^
      entry(0, word >> 56);
  }
  for (; i < end; i++) value = entry(0, value ^ load<u8>(i)) ^ (value >> 8);
  crc = value;
}

export function crcDigest(): u64 {
  return ~crc;
}
