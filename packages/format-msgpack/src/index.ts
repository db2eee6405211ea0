export { msgpack } from './format.ts';
export type { MsgpackReadOptions, MsgpackWriteOptions } from './options.ts';
