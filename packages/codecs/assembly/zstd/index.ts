export { hashDigest, hashReset, hashUpdate } from './xxhash64';
