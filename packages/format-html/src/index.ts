export { html } from './format.ts';
export type { HtmlReadOptions, HtmlWriteOptions } from './options.ts';
