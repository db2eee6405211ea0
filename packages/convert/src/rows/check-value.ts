import { Decimal } from '@x/formats';

import { ConvertError } from '../errors.ts';

/** Levels of lists and objects: more than any format takes, each with its own limit, and less than the stack. */
const deepest = 1100;

/**
 * What is wrong with a value that no format has a form for: `NOT_A_VALUE`. A function would become broken
 * JSON, and a Map, a Promise or a URL an empty object, as they keep what they hold elsewhere.
 */
export function strangeValue(
  value: unknown,
  place: { readonly row: number; readonly column: string },
): ConvertError | undefined {
  const strange = strangeIn(value, 0);
  if (strange === undefined) return undefined;
  return new ConvertError('NOT_A_VALUE', `${strange} cannot be written`, {
    ...place,
    hint: 'make it text, a number, a bigint, a boolean, null, a Date, bytes, a list or a plain object',
  });
}

function strangeIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === deepest) return `what contains itself, or is nested in more than ${deepest} levels,`;
  if (value instanceof Date || value instanceof Uint8Array || Decimal.is(value)) return undefined;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      const strange = item === undefined && !(i in value) ? 'a list with holes' : strangeIn(item, depth + 1);
      if (strange !== undefined) return strange;
    }
    return undefined;
  }
  if (!hasMembers(value)) return nameOf(value);
  for (const member of Object.values(value)) {
    const strange = strangeIn(member, depth + 1);
    if (strange !== undefined) return strange;
  }
  return undefined;
}

/** Whether the keys of an object are all that there is to it. */
export function hasMembers(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.prototype.toString.call(value) === '[object Object]' && !('toJSON' in value);
}

/** `a Map`, `an Error`. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const name = Array.isArray(value)
    ? 'array'
    : typeof value === 'object'
      ? value.constructor.name
      : typeof value;
  return `${/^[aeio]/i.test(name) ? 'an' : 'a'} ${name}`;
}
