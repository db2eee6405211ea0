// Needs vitest, which is an optional peer dependency: for the tests of packages that make formats.
export { formatContract } from './contract-suite/contract.ts';
export type { Sample, SampleName } from './contract-suite/samples.ts';
export { samples } from './contract-suite/samples.ts';
export { type Fate, type FormatSubject, refusal } from './contract-suite/subject.ts';
export { inOddEncodings } from './contract-suite/odd-encodings.ts';
export { MemorySink } from './contract-suite/memory-sink.ts';
export { MemorySource } from './contract-suite/memory-source.ts';
export { datesOf, readRows, type RowsRead, writeRows } from './contract-suite/in-memory.ts';
export { typesOfCells, typesOfTexts } from './contract-suite/types-to-ask.ts';
export { rowsTold, told } from './contract-suite/same-value.ts';
