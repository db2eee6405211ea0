export { crcDigest, crcReset, crcUpdate } from './crc64';
export { addStored, decodeChunk, emptyDictionary, resetState, setProperties } from './lzma';
