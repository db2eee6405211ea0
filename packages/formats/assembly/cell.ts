// What a cell is: a kind in the low three bits, hints above. src/kernel/cell.ts has the same.

/** The bytes are the value's text. */
export const KIND_TEXT: u32 = 0;
/** Text in which every quote is written twice. */
export const KIND_DOUBLED: u32 = 1;
/** Text with the escapes of a JSON string. */
export const KIND_ESCAPED: u32 = 2;
/** A number, true or false, spelled as in JSON. */
export const KIND_LITERAL: u32 = 3;
/** A list or an object in JSON. */
export const KIND_NESTED: u32 = 4;
export const KIND_NULL: u32 = 5;
/** No cell at all. */
export const KIND_MISSING: u32 = 6;
export const KIND: u32 = 7;

/** The cell was written in quotes. */
export const HINT_QUOTED: u32 = 8;
/** Text that JSON cannot hold without an escape. */
export const HINT_SPECIAL: u32 = 16;
