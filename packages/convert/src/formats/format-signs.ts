/** What tells a format from outside, without loading it. */
export interface FormatSigns {
  readonly name: string;
  /** What follows `@x/format-` in the name of its package, where that is not its own name. */
  readonly package?: string;
  /** With the dot, lower case; the first is the one to write. */
  readonly extensions: readonly string[];
  /** Whether the first bytes of a file are this format's; undefined where they tell nothing. */
  readonly isHead?: (head: Uint8Array) => boolean;
}
