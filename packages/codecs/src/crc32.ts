let loaded: typeof import('node:zlib') | undefined;

/** Loaded with the first use: the modules that check headers are also those that know a file by its magic bytes. */
const zlib = (): typeof import('node:zlib') => (loaded ??= process.getBuiltinModule('node:zlib'));

/**
 * CRC-32 of bytes that follow those of which `crc` is the sum. Node.js 20 and 22.15 begin anew at some
 * pieces of no bytes.
 */
export const crc32 = (bytes: Uint8Array, crc = 0): number =>
  bytes.length === 0 ? crc : zlib().crc32(bytes, crc);
