export type AtomicWriteWarningCode =
  /** The temp of a dead writer was removed. */
  | 'LEFTOVER_REMOVED'
  /** A temp, or the temp of a dead writer, could not be removed. */
  | 'TEMP_LEFT'
  /** The directory cannot be synced, so that a power cut may bring the old file back. */
  | 'DIRECTORY_NOT_SYNCED';

/** Something to know that does not make the call fail. */
export class AtomicWriteWarning extends Error {
  readonly code: AtomicWriteWarningCode;

  constructor(code: AtomicWriteWarningCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'AtomicWriteWarning';
    this.code = code;
  }
}

/** Tells the `onWarning` of the options, else the process' `warning` event. */
export function warn(
  { onWarning }: { readonly onWarning: ((warning: AtomicWriteWarning) => void) | undefined },
  code: AtomicWriteWarningCode,
  message: string,
  cause?: unknown,
): void {
  const warning = new AtomicWriteWarning(code, message, cause);
  if (onWarning === undefined) {
    process.emitWarning(warning);
    return;
  }
  try {
    onWarning(warning);
  } catch (error) {
    process.emitWarning(warning);
    process.emitWarning(new AtomicWriteWarning(code, 'The onWarning option threw', error));
  }
}
