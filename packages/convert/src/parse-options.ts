import type { AnyFormat } from '@x/formats';
import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';

import { display } from './display.ts';
import { ConvertError } from './errors.ts';
import { isFormat } from './formats/is-format.ts';
import { hintAtName, hintAtValue } from './option-hints.ts';
import type { ParsedOptions } from './options.ts';
import type { Progress } from './progress.ts';

/** Schemas by the names of the options. Each is made when its option is given, which saves a short run some time. */
export type OptionSchemas = Readonly<Record<string, () => z.ZodMiniType>>;

// What the codecs take is named here; all other options are the format's, which checks them itself.
const encoding = () => ({
  format: z.optional(z.string()),
  codec: z.optional(z.string()),
  dictionary: z.optional(z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes')),
  raw: z.optional(z.boolean()),
});
const bound = () => z.number().check(z.positive());
const sourceEndpoint = () =>
  z.looseObject({
    ...encoding(),
    limits: z.optional(
      z.partial(
        z.strictObject(
          { outputBytes: bound(), ratio: bound(), windowLog: bound() },
          'expected { outputBytes, ratio, windowLog }',
        ),
      ),
    ),
  });
export const endpoint = () =>
  z.looseObject({
    ...encoding(),
    level: z.optional(
      z.union(
        [z.int(), z.enum(['fastest', 'fast', 'default', 'best'])],
        `expected a whole number, or 'fastest', 'fast', 'default' or 'best'`,
      ),
    ),
    threads: z.optional(
      z.union([countFromOne(), z.literal('auto')], `expected a whole number from 1 on, or 'auto'`),
    ),
    checksum: z.optional(z.boolean()),
  });

export const flag = () => z.boolean();
export const countFromOne = () => z.int().check(z.minimum(1));
export const pathLike = () =>
  z.union([z.string().check(z.minLength(1)), z.instanceof(URL)], 'expected a path or a file URL');
export const callback = <F extends (...args: never) => unknown>() =>
  z.custom<F>((value) => typeof value === 'function', 'expected a function');
const names = () => z.array(z.string());

export const runOptions = {
  atomic: flag,
  durability: () => z.enum(['full', 'data', 'none']),
  from: sourceEndpoint,
  to: endpoint,
  formats: () => z.array(z.custom<AnyFormat>(isFormat, 'expected a format, such as parquet() gives')),
  scanLimit: () =>
    z.union([countFromOne(), z.literal(Infinity)], 'expected a whole number from 1 on, or Infinity'),
  batchSize: countFromOne,
  flatten: flag,
  unflatten: flag,
  columns: names,
  rename: () => z.record(z.string(), z.string()),
  types: () =>
    z.union(
      [z.enum(['infer', 'text']), z.record(z.string(), z.string())],
      `expected 'infer', 'text', or types by column`,
    ),
  nullValues: names,
  onRagged: () => z.enum(['error', 'skip', 'pad', 'truncate']),
  onExtraKey: () => z.enum(['error', 'drop']),
  onError: () => z.enum(['throw', 'skip']),
  rejects: pathLike,
  onProgress: callback<(progress: Progress) => void>,
  progressInterval: countFromOne,
  signal: () => z.instanceof(AbortSignal),
};

export const runDefaults = {
  atomic: false,
  durability: 'full',
  from: {},
  to: {},
  formats: [],
  scanLimit: 1000,
  flatten: false,
  unflatten: false,
  rename: {},
  onError: 'throw',
  progressInterval: 1000,
} as const;

/** @throws {ConvertError} `BAD_OPTION`, naming the option, its value and what is allowed. */
export const parseOptions = (options: object): ParsedOptions => ({
  ...runDefaults,
  ...parse<typeof runOptions>(runOptions, options),
});

// Without a language of its own an application's choice for all of zod would change these messages.
// Compiling a schema to code pays for itself after many uses; here it is used once.
const context = { error: en().localeError, jitless: true };

type Parsed<Schemas extends OptionSchemas> = {
  readonly [Name in keyof Schemas]?: z.output<ReturnType<Schemas[Name]>>;
};

/** The options that are given, checked. One that is undefined counts as not given. */
export function parse<Schemas extends OptionSchemas>(schemas: Schemas, options: object): Parsed<Schemas> {
  const known = Object.keys(schemas);
  if (typeof options !== 'object' || options === null) {
    throw new ConvertError('BAD_OPTION', `options (${display(options)}): expected an object`, {
      hint: `options are ${known.join(', ')}`,
    });
  }
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const checked = given.map(([name, value]) => {
    if (!Object.hasOwn(schemas, name)) {
      const hint = hintAtName(name, known);
      throw new ConvertError('BAD_OPTION', `there is no option '${name}'`, { hint });
    }
    const parsed = schemas[name]!().safeParse(value, context);
    if (parsed.success) return [name, parsed.data] as const;
    const [issue] = parsed.error.issues;
    const at = issue!.path.reduce<unknown>(
      (inner, key) => (inner as Record<PropertyKey, unknown>)?.[key],
      value,
    );
    const what = `option ${[name, ...issue!.path].join('.')} (${display(at)}): ${issue!.message}`;
    throw new ConvertError('BAD_OPTION', what, { hint: hintAtValue([name, ...issue!.path].join('.'), at) });
  });
  return Object.fromEntries(checked) as Parsed<Schemas>;
}
