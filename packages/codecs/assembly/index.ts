export { decodeBlock } from './lz4-decode';
export { encodeBlock } from './lz4-encode';
export { hashReset, hashUpdate, hashDigest } from './xxhash32';
