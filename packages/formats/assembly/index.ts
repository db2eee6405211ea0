// The kernel: what a format does to bytes, in WebAssembly with SIMD. It has no memory of its own and
// allocates nothing; src/kernel lays the memory out and calls these.

export { codeTexts, forgetTexts, textCodes } from './cell-texts';
export { tokenizeCsv } from './csv-cells';
export { useCsvStyle, writeCsv } from './csv-text';
export { tokenizeJson } from './json-cells';
export { writeJson, writeRecords } from './json-text';
export { countCharacters, countLineFeeds } from './lines';
export { skipMoments } from './moments';
export { staticEnd } from './static-end';
export { markTypes } from './types';
