import { constants } from 'node:os';

/** The codes this package raises beside the operating system's own. */
export type OwnCode =
  /** An option or an argument is not one of the allowed values. */
  | 'BAD_OPTION'
  /** The signal was aborted; `cause` is its reason and `name` is `AbortError`, as Node.js does it. */
  | 'ABORT_ERR'
  /** The path of the temp no longer leads to the file that was written. */
  | 'TEMP_CHANGED'
  /** The file was already committed or discarded, or its stream destroyed. */
  | 'CLOSED'
  /** An error of the operating system that has no name here; see `cause`. */
  | 'UNKNOWN';

export type AtomicWriteErrorCode = keyof typeof constants.errno | OwnCode;

const isSystemCode = (code: string): code is keyof typeof constants.errno =>
  Object.hasOwn(constants.errno, code);

const codeByNumber = new Map(Object.entries(constants.errno).map(([code, number]) => [-number, code]));

/** The name of a system error, given what Node.js calls it and its number, for which libuv may have no name. */
export function systemCode(code: string | undefined, errno: number | undefined): AtomicWriteErrorCode {
  const codes = [code, errno === undefined ? undefined : codeByNumber.get(errno)];
  return codes.find((known) => known !== undefined && isSystemCode(known)) ?? 'UNKNOWN';
}
