export { toml } from './format.ts';
export type { TomlReadOptions, TomlWriteOptions } from './options.ts';
