// What a call reports besides its result: words at fixed places at the bottom of the memory, which the
// compiler is told to leave alone. src/kernel/kernel.ts names the same places.

/** Just after the last byte written or read. */
export const END: usize = 0;
/** Values, or entries of a dictionary. */
export const COUNT: usize = 4;
export const LEAST: usize = 8;
export const GREATEST: usize = 12;
