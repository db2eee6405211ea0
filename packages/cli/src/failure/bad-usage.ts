/** The command was called in a way that it does not understand: exit code 2. */
export class BadUsage extends Error {
  override readonly name = 'BadUsage';
  readonly code = 'BAD_USAGE';
  /** What to do about it. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
