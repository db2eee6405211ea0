export { yaml } from './format.ts';
export type { YamlReadOptions, YamlWriteOptions } from './options.ts';
