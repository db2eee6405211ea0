/** The records of a zip file with one entry (APPNOTE 4.3). Time is 1980-01-01, so that bytes depend on nothing else. */

export interface EntryFacts {
  name: Buffer;
  crc: number;
  size: number;
  packedSize: number;
}

const deflate = 8;
const version = 20;
const zip64Version = 45;
/** Sizes follow the data; the name is UTF-8. */
const flags = 0x0808;
const firstDate = 0x21;
const madeByUnix = 3 << 8;
const regularFile = 0o100644 * 2 ** 16;

const most32 = 0xffffffff;

/** Whether a size does not fit into four bytes. */
const needsZip64 = ({ size, packedSize }: EntryFacts, ...others: number[]): boolean =>
  Math.max(size, packedSize, ...others) >= most32;

const capped = (value: number): number => Math.min(value, most32);

export function localHeader(name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(deflate, 8);
  header.writeUInt16LE(firstDate, 12);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

export function dataDescriptor(facts: EntryFacts): Buffer {
  const wide = needsZip64(facts);
  const descriptor = Buffer.alloc(wide ? 24 : 16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(facts.crc, 4);
  if (wide) {
    descriptor.writeBigUInt64LE(BigInt(facts.packedSize), 8);
    descriptor.writeBigUInt64LE(BigInt(facts.size), 16);
  } else {
    descriptor.writeUInt32LE(facts.packedSize, 8);
    descriptor.writeUInt32LE(facts.size, 12);
  }
  return descriptor;
}

/** The directory, which begins at `offset`, and the end of the file. */
export function directory(facts: EntryFacts, offset: number): Buffer {
  const entry = directoryEntry(facts);
  const wide = needsZip64(facts, offset);
  return Buffer.concat([
    entry,
    ...(wide ? zip64End(entry.length, offset) : []),
    end(entry.length, capped(offset)),
  ]);
}

function directoryEntry(facts: EntryFacts): Buffer {
  const { name, crc, size, packedSize } = facts;
  const wide = needsZip64(facts);
  const extra = Buffer.alloc(wide ? 20 : 0);
  if (wide) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(16, 2);
    extra.writeBigUInt64LE(BigInt(size), 4);
    extra.writeBigUInt64LE(BigInt(packedSize), 12);
  }
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(madeByUnix | zip64Version, 4);
  header.writeUInt16LE(wide ? zip64Version : version, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(deflate, 10);
  header.writeUInt16LE(firstDate, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(wide ? most32 : packedSize, 20);
  header.writeUInt32LE(wide ? most32 : size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(regularFile, 38);
  return Buffer.concat([header, name, extra]);
}

function zip64End(length: number, offset: number): Buffer[] {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(madeByUnix | zip64Version, 12);
  record.writeUInt16LE(zip64Version, 14);
  record.writeBigUInt64LE(1n, 24);
  record.writeBigUInt64LE(1n, 32);
  record.writeBigUInt64LE(BigInt(length), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + length), 8);
  locator.writeUInt32LE(1, 16);
  return [record, locator];
}

function end(length: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(1, 8);
  record.writeUInt16LE(1, 10);
  record.writeUInt32LE(length, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
