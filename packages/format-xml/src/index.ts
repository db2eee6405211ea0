export { xml } from './format.ts';
export type { XmlReadOptions, XmlWriteOptions } from './options.ts';
