// What a cell is: a kind in the low three bits, hints above. assembly/cell.ts has the same.

export const Kind = {
  /** The bytes are the value's text. */
  text: 0,
  /** Text in which every quote is written twice. */
  doubled: 1,
  /** Text with the escapes of a JSON string. */
  escaped: 2,
  /** A number, true or false, spelled as in JSON. */
  literal: 3,
  /** A list or an object in JSON. */
  nested: 4,
  null: 5,
  /** No cell at all: a key that the record lacks. */
  missing: 6,
} as const;

export const kindMask = 7;

export const Hint = {
  /** The cell was written in quotes. */
  quoted: 8,
  /**
   * Text: JSON cannot hold it without an escape. Nested: not spelled in the one way that the writers
   * use, for it has space or escapes.
   */
  special: 16,
} as const;
