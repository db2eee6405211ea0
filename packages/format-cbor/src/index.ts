export { cbor } from './format.ts';
export type { CborReadOptions, CborWriteOptions } from './options.ts';
