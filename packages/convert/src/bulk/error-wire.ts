import { AtomicWriteError } from '@x/atomic-fs';
import { CodecError } from '@x/codecs';
import { FormatError } from '@x/formats';

import { ConvertError } from '../errors.ts';

/** An error as it passes from one thread to another, which keeps no classes and no fields of its own accord. */
export interface WireError {
  readonly className: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: { readonly error: WireError } | { readonly value: unknown } | undefined;
}

const classes: ReadonlyMap<string, { readonly prototype: object }> = new Map(
  [
    ConvertError,
    AtomicWriteError,
    CodecError,
    FormatError,
    TypeError,
    RangeError,
    SyntaxError,
    AggregateError,
  ].map((one) => [one.name, one]),
);

export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) {
    return { className: 'Error', message: String(error), stack: undefined, fields: {}, cause: undefined };
  }
  const { message, stack, cause } = error;
  // `name` is a field of each class's own; `cause` is one that may be an error again.
  const fields = Object.entries(error).filter(([name, value]) => name !== 'cause' && isPlain(value));
  return {
    className: error.constructor.name,
    message,
    stack,
    fields: Object.fromEntries(fields),
    cause: causeToWire(cause),
  };
}

function causeToWire(cause: unknown): WireError['cause'] {
  if (cause instanceof Error) return { error: toWire(cause) };
  return cause === undefined || !isPlain(cause) ? undefined : { value: cause };
}

export function fromWire({ className, message, stack, fields, cause }: WireError): Error {
  const error = new Error(message);
  const known = classes.get(className);
  if (known) Object.setPrototypeOf(error, known.prototype);
  Object.assign(error, fields);
  const hidden = { writable: true, configurable: true, enumerable: false };
  if (stack !== undefined) Object.defineProperty(error, 'stack', { value: stack, ...hidden });
  if (cause) {
    const value = 'error' in cause ? fromWire(cause.error) : cause.value;
    Object.defineProperty(error, 'cause', { value, ...hidden });
  }
  return error;
}

/** Whether a value arrives in another thread as what it was. */
export function isPlain(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every(isPlain);
}
