import type { AnyFormat } from '@x/formats';
import * as z from 'zod';

import { ConvertError } from './errors.ts';
import { nearest } from './nearest.ts';
import type { Progress } from './progress.ts';

// What the codec takes is named here; all other options are the format's, which checks them itself.
const named = {
  format: z.string().optional(),
  codec: z.string().optional(),
  dictionary: z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'expected bytes').optional(),
  raw: z.boolean().optional(),
};
const from = z.looseObject({
  ...named,
  limits: z
    .strictObject({ outputBytes: z.number(), ratio: z.number(), windowLog: z.number() })
    .partial()
    .optional(),
});
export const endpoint = z.looseObject({
  ...named,
  level: z.union([z.int(), z.enum(['fastest', 'fast', 'default', 'best'])]).optional(),
  threads: z.union([z.int().min(1), z.literal('auto')]).optional(),
  checksum: z.boolean().optional(),
});

const policy = z.enum(['error', 'skip', 'pad', 'truncate']);
const names = z.array(z.string());
export const callback = <F extends (...args: never) => unknown>() =>
  z.custom<F>((value) => typeof value === 'function', 'expected a function').optional();

export const runOptions = {
  atomic: z.boolean().default(false),
  durability: z.enum(['full', 'data', 'none']).default('full'),
  from: from.default({}),
  to: endpoint.default({}),
  formats: z.array(z.custom<AnyFormat>((value) => typeof value === 'object' && value !== null)).default([]),
  scanLimit: z.union([z.int().min(1), z.literal(Infinity)]).default(1000),
  batchSize: z.int().min(1).optional(),
  flatten: z.boolean().default(false),
  unflatten: z.boolean().default(false),
  columns: names.optional(),
  rename: z.record(z.string(), z.string()).default({}),
  types: z.union([z.enum(['infer', 'text']), z.record(z.string(), z.string())]).optional(),
  nullValues: names.optional(),
  onRagged: policy.optional(),
  onExtraKey: z.enum(['error', 'drop']).optional(),
  onError: z.enum(['throw', 'skip']).default('throw'),
  rejects: z.union([z.string(), z.instanceof(URL)]).optional(),
  onProgress: callback<(progress: Progress) => void>(),
  progressInterval: z.int().min(1).default(1000),
  signal: z.instanceof(AbortSignal).optional(),
};

const convertOptions = z.strictObject(runOptions);

const pipelineOptions = z.strictObject({
  ...runOptions,
  state: z.unknown().optional(),
  trigger: callback<(progress: Progress, state: unknown) => unknown>(),
  triggerEvery: z.int().min(1).default(1000),
  final: callback<(progress: Progress, state: unknown) => unknown>(),
  skipNulls: z.boolean().default(true),
  // arktype's validators are functions.
  schema: z
    .custom(
      (value) =>
        (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value,
      'expected a Standard Schema validator',
    )
    .optional(),
});

interface Encoding {
  /** Name of the format; by default what the content and the name of the file say. */
  readonly format?: string | undefined;
  /** Name of the codec, `identity` for none; by default what the content and the name say. */
  readonly codec?: string | undefined;
  /** zstd: the dictionary of the compressed data. */
  readonly dictionary?: Uint8Array | undefined;
  /** deflate: without the header and the checksum of the zlib format. Default `false`. */
  readonly raw?: boolean | undefined;
  /** Options of the format. */
  readonly [option: string]: unknown;
}

/** What a source is, and how it is read. */
export interface SourceEndpoint extends Encoding {
  /** Bounds on what decompression may do: `outputBytes`, `ratio`, `windowLog`. */
  readonly limits?:
    | {
        readonly outputBytes?: number | undefined;
        readonly ratio?: number | undefined;
        readonly windowLog?: number | undefined;
      }
    | undefined;
}

/** What a destination becomes, and how it is written. */
export interface Endpoint extends Encoding {
  /** Compression level: the codec's own number, or a name that every codec understands. */
  readonly level?: number | 'fastest' | 'fast' | 'default' | 'best' | undefined;
  /** Threads to compress on at most; the bytes do not depend on it. Default `'auto'`: as many as there are. */
  readonly threads?: number | 'auto' | undefined;
  /** Whether to store a checksum where the codec leaves the choice. Default `true`. */
  readonly checksum?: boolean | undefined;
}

/** What `convert`, `bulkConvert`, `pipeline`, `openReader` and `openWriter` have in common. */
export interface ConvertOptions {
  /** Write to a temp beside the destination and publish it when all is well. Default `false`. */
  readonly atomic?: boolean | undefined;
  /** What of an atomic write is synced before it counts as published. Default `'full'`. */
  readonly durability?: 'full' | 'data' | 'none' | undefined;
  /** Format, codec and their options of the source. */
  readonly from?: SourceEndpoint | undefined;
  /** Format, codec and their options of the destination. */
  readonly to?: Endpoint | undefined;
  /** Formats beside the built-in ones, as `[parquet()]`. */
  readonly formats?: readonly AnyFormat[] | undefined;
  /** Rows looked at for columns and types. Default 1000; `Infinity` for all, which are then held in memory. */
  readonly scanLimit?: number | undefined;
  /** Rows a batch at most. Default 50,000, in pipelines 1000. */
  readonly batchSize?: number | undefined;
  /** Nested objects to columns with dotted names, at all levels. Default `false`: JSON text in a flat format. */
  readonly flatten?: boolean | undefined;
  /** Columns with dotted names to nested objects, the way back. Default `false`. */
  readonly unflatten?: boolean | undefined;
  /** The columns to keep, by their names in the source, in this order. Default: all. */
  readonly columns?: readonly string[] | undefined;
  /** New names by old ones. */
  readonly rename?: Readonly<Record<string, string>> | undefined;
  /** `'infer'`, `'text'`, or types by column. Default: inferred where the destination stores types. */
  readonly types?: 'infer' | 'text' | Readonly<Record<string, string>> | undefined;
  /** Cells of text that mean null. */
  readonly nullValues?: readonly string[] | undefined;
  /** Rows with too few or too many cells. Default `'error'`. */
  readonly onRagged?: 'error' | 'skip' | 'pad' | 'truncate' | undefined;
  /** Keys that first appear when the columns of a flat destination are fixed. Default `'error'`. */
  readonly onExtraKey?: 'error' | 'drop' | undefined;
  /** `'skip'` leaves bad rows out and counts them. Default `'throw'`. */
  readonly onError?: 'throw' | 'skip' | undefined;
  /** File for what was skipped, with reason and position, as JSONL. */
  readonly rejects?: string | URL | undefined;
  /** Told how far the run is; once more at its end. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Rows between two calls of `onProgress`, of which there are ten a second at most. Default 1000. */
  readonly progressInterval?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type ParsedOptions = z.output<typeof convertOptions>;
export type ParsedPipelineOptions = z.output<typeof pipelineOptions>;

/** @throws {ConvertError} `BAD_OPTION`, naming the option, its value and what is allowed. */
export const parseOptions = (options: object): ParsedOptions => parse(convertOptions, options);

/** @throws {ConvertError} `BAD_OPTION`, naming the option, its value and what is allowed. */
export const parsePipelineOptions = (options: object): ParsedPipelineOptions =>
  parse(pipelineOptions, options);

export function parse<T extends z.ZodObject>(schema: T, options: object): z.output<T> {
  const parsed = schema.safeParse(options);
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
