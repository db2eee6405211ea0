// The kernel: what encodings and codecs do to bytes, in WebAssembly with SIMD. It allocates nothing;
// src/kernel lays the memory out and calls these.

export { decodeDelta, encodeDelta, joinPrefixes, offsetsOfLengths, prefixedLength } from './delta';
export {
  entriesOf,
  extremeDoubles,
  extremeIntegers,
  extremeTexts,
  indexTexts,
  indexWords,
  lengthOfEntries,
  rehashTexts,
  rehashWords,
  textsOfEntries,
} from './dictionary';
export { decodeHybrid, encodeHybrid, largest, narrow, widen } from './hybrid';
export { lz4Decompress } from './lz4';
export {
  double,
  gatherValid,
  gatherValidOffsets,
  halve,
  joinStreams,
  levelsOfValidity,
  packBits,
  plainTexts,
  spreadOffsets,
  spreadValues,
  unpackBits,
  validityOfLevels,
  writePlainTexts,
} from './plain';
export { snappyCompress, snappyDecompress } from './snappy';
