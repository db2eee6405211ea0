// @ts-check
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** Node gives a code such as `ENOSPC` to the errors libuv knows; EDQUOT is not among them. */
const systemErrors = getSystemErrorMap();

/** @param {string} code @returns {number} */
function errnoOf(code) {
  const errno = /** @type {Record<string, number>} */ (constants.errno)[code];
  if (errno === undefined) throw new TypeError(`No errno is named ${code} here`);
  return errno;
}

/** libuv's name for the system call behind an operation, as it appears in `error.syscall`. */
const syscallNames = new Map(
  Object.entries({ fchmod: 'fchmod', ftruncate: 'ftruncate', mkdir: 'mkdir', readdir: 'scandir' }),
);

/**
 * The error that Node would raise had the system call failed: same `code`, `errno`, `syscall`, `path` and
 * message, also for the errors that libuv has no name for.
 *
 * @param {string} code
 * @param {import('./calls.mjs').Call} call
 */
export function systemError(code, call) {
  const errno = -errnoOf(code);
  const known = systemErrors.get(errno);
  const name = known?.[0] ?? `Unknown system error ${errno}`;
  const text = known?.[1] ?? name;
  const syscall = syscallNames.get(call.operation) ?? call.operation;
  const path = call.path === undefined ? '' : ` '${call.path}'`;
  const to = call.to === undefined ? '' : ` -> '${call.to}'`;
  const error = /** @type {NodeJS.ErrnoException & { dest?: string }} */ (
    new Error(`${name}: ${text}, ${syscall}${path}${to}`)
  );
  error.errno = errno;
  error.code = name;
  error.syscall = syscall;
  if (call.path !== undefined) error.path = call.path;
  if (call.to !== undefined) error.dest = call.to;
  return error;
}
