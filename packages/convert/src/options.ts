import * as z from 'zod';

import { ConvertError } from './errors.ts';

// What the codec takes is named here; all other options are the format's, which checks them itself.
const endpoint = z.looseObject({
  format: z.string().optional(),
  codec: z.string().optional(),
  level: z.union([z.int(), z.enum(['fastest', 'fast', 'default', 'best'])]).optional(),
  checksum: z.boolean().optional(),
});

const convertOptions = z.strictObject({
  atomic: z.boolean().default(false),
  durability: z.enum(['full', 'data', 'none']).default('full'),
  from: endpoint.default({}),
  to: endpoint.default({}),
  signal: z.instanceof(AbortSignal).optional(),
});

export interface Endpoint {
  /** Name of the format; by default what the content and the name of the file say. */
  readonly format?: string | undefined;
  /** Name of the codec, `identity` for none; by default what the content and the name say. */
  readonly codec?: string | undefined;
  /** Compression level: the codec's own number, or a name that every codec understands. */
  readonly level?: number | 'fastest' | 'fast' | 'default' | 'best' | undefined;
  /** Whether to store a checksum where the codec leaves the choice. Default `true`. */
  readonly checksum?: boolean | undefined;
  /** Options of the format. */
  readonly [option: string]: unknown;
}

export interface ConvertOptions {
  /** Write to a temp beside the destination and publish it when all is well. Default `false`. */
  readonly atomic?: boolean;
  /** What of an atomic write is synced before it counts as published. Default `'full'`. */
  readonly durability?: 'full' | 'data' | 'none';
  readonly from?: Endpoint;
  readonly to?: Endpoint;
  readonly signal?: AbortSignal | undefined;
}

export type ParsedOptions = z.output<typeof convertOptions>;

/**
 * @throws {ConvertError} `BAD_OPTION`, naming the option, its value and what is allowed.
 */
export function parseOptions(options: ConvertOptions): ParsedOptions {
  const parsed = convertOptions.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue!.path.join('.');
  const value = issue!.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown>)?.[key],
    options,
  );
  const subject = path === '' ? 'options' : `option ${path} (${display(value)})`;
  const allowed = Object.keys(convertOptions.shape).join(', ');
  throw new ConvertError('BAD_OPTION', `${subject}: ${issue!.message}`, { hint: `options are ${allowed}` });
}

function display(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
