import type { AnyFormat } from '@x/formats';
import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';
import { _default as withDefault } from 'zod/mini';

import { ConvertError } from './errors.ts';
import { nearest } from './nearest.ts';
import type { ParsedOptions } from './options.ts';
import type { Progress } from './progress.ts';

// What the codec takes is named here; all other options are the format's, which checks them itself.
export const endpoint = z.looseObject({
  format: z.optional(z.string()),
  codec: z.optional(z.string()),
  level: z.optional(z.union([z.int(), z.enum(['fastest', 'fast', 'default', 'best'])])),
  checksum: z.optional(z.boolean()),
});

export const countFromOne = (): z.ZodMiniNumberFormat => z.int().check(z.minimum(1));
const names = z.array(z.string());
export const callback = <F extends (...args: never) => unknown>() =>
  z.optional(z.custom<F>((value) => typeof value === 'function', 'expected a function'));

export const runOptions = {
  atomic: withDefault(z.boolean(), false),
  durability: withDefault(z.enum(['full', 'data', 'none']), 'full'),
  from: withDefault(endpoint, {}),
  to: withDefault(endpoint, {}),
  formats: withDefault(
    z.array(z.custom<AnyFormat>((value) => typeof value === 'object' && value !== null)),
    [],
  ),
  scanLimit: withDefault(z.union([countFromOne(), z.literal(Infinity)]), 1000),
  batchSize: z.optional(countFromOne()),
  flatten: withDefault(z.boolean(), false),
  unflatten: withDefault(z.boolean(), false),
  columns: z.optional(names),
  rename: withDefault(z.record(z.string(), z.string()), {}),
  types: z.optional(z.union([z.enum(['infer', 'text']), z.record(z.string(), z.string())])),
  nullValues: z.optional(names),
  onRagged: z.optional(z.enum(['error', 'skip', 'pad', 'truncate'])),
  onExtraKey: z.optional(z.enum(['error', 'drop'])),
  onError: withDefault(z.enum(['throw', 'skip']), 'throw'),
  rejects: z.optional(z.union([z.string(), z.instanceof(URL)])),
  onProgress: callback<(progress: Progress) => void>(),
  progressInterval: withDefault(countFromOne(), 1000),
  signal: z.optional(z.instanceof(AbortSignal)),
};

const convertOptions = z.strictObject(runOptions);

/** @throws {ConvertError} `BAD_OPTION`, naming the option, its value and what is allowed. */
export const parseOptions = (options: object): ParsedOptions => parse(convertOptions, options);

// Without a language of its own an application's choice for all of zod would change these messages.
// Compiling a schema to code pays for itself after many uses; here it is used once or twice.
const context = { error: en().localeError, jitless: true };

export function parse<T extends z.ZodMiniObject>(schema: T, options: object): z.output<T> {
  const parsed = schema.safeParse(options, context);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const known = Object.keys(schema.shape);
  if (issue!.code === 'unrecognized_keys' && issue.path.length === 0) {
    const [key] = issue.keys;
    const meant = nearest(key!, known);
    throw new ConvertError('BAD_OPTION', `there is no option '${key}'`, {
      hint: meant === undefined ? `options are ${known.join(', ')}` : `did you mean '${meant}'?`,
    });
  }
  const path = issue!.path.join('.');
  const value = issue!.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown>)?.[key],
    options,
  );
  const subject = path === '' ? 'options' : `option ${path} (${display(value)})`;
  const hint = `options are ${known.join(', ')}`;
  throw new ConvertError('BAD_OPTION', `${subject}: ${issue!.message}`, { hint });
}

function display(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
