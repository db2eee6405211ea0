// What a call reports besides its result: words at fixed places at the bottom of the memory, which
// the compiler is told to leave alone. The TypeScript side names the same places in src/kernel/report.ts.

/** Just after the last byte, or the last cell, that was dealt with. */
export const END: usize = 0;
/** Rows dealt with. */
export const ROWS: usize = 4;
/** Line breaks between the start and END. */
export const LINES: usize = 8;
/** Where what was dealt with begins. */
export const START: usize = 12;
/** Cells that are longer than a known text may be, with bytes beyond ASCII. */
export const LONG_WIDE: usize = 16;
