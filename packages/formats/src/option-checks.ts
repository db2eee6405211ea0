import { FormatError } from './format-error.ts';

/** @throws {FormatError} BAD_OPTION when the value is none of them. The first is the default. */
export function oneOf<T extends string>(
  format: string,
  option: string,
  value: T | undefined,
  allowed: readonly [T, ...T[]],
): T {
  if (value === undefined) return allowed[0];
  if (allowed.includes(value)) return value;
  throw new FormatError('BAD_OPTION', `${option} is ${JSON.stringify(value)}`, {
    format,
    hint: `it takes ${allowed.map((text) => JSON.stringify(text)).join(', ')}`,
  });
}

/**
 * Text such as `'false'`, which configuration files and command lines have, would be true.
 *
 * @throws {FormatError} BAD_OPTION when the value is neither true nor false.
 */
export function flag(format: string, option: string, value: boolean | undefined, initial: boolean): boolean {
  if (value === undefined) return initial;
  if (typeof value === 'boolean') return value;
  throw new FormatError('BAD_OPTION', `${option} is ${JSON.stringify(value)}`, {
    format,
    hint: 'it takes true or false',
  });
}

/** @throws {FormatError} BAD_OPTION when the value is no whole number from `least` on. */
export function count(
  format: string,
  option: string,
  value: number | undefined,
  initial: number,
  least: number,
): number {
  const number = value ?? initial;
  if (number === Number.POSITIVE_INFINITY || (Number.isInteger(number) && number >= least)) return number;
  throw new FormatError('BAD_OPTION', `${option} is ${String(number)}`, {
    format,
    hint: `it takes a whole number from ${least} on, or Infinity`,
  });
}
