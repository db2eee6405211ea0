import * as z from 'zod/mini';

import { ConvertError } from '../errors.ts';
import {
  callback,
  countFromOne,
  endpoint,
  flag,
  parse,
  pathLike,
  runDefaults,
  runOptions,
} from '../parse-options.ts';
import type { BulkProgress, ParsedBulkOptions } from './bulk-options.ts';

const text = () => z.string().check(z.minLength(1));
const whatToIs = "expected an extension ('jsonl.gz'), a pattern ('{stem}.jsonl.gz') or { format, codec, … }";

const bulkOptions = {
  ...runOptions,
  to: () => z.union([text(), z.extend(endpoint(), { pattern: z.optional(text()) })], whatToIs),
  recursive: flag,
  preserveDirs: flag,
  concurrency: countFromOne,
  stopOnError: flag,
  onExists: () => z.enum(['overwrite', 'skip', 'error']),
  manifest: pathLike,
  onProgress: callback<(progress: BulkProgress) => void>,
  onFound: callback<(files: number) => void>,
};

const bulkDefaults = {
  ...runDefaults,
  recursive: false,
  preserveDirs: false,
  stopOnError: false,
  onExists: 'overwrite',
} as const;

/** @throws {ConvertError} `BAD_OPTION`, naming the option, its value and what is allowed. */
export function parseBulkOptions(options: object): ParsedBulkOptions {
  const { to, ...others } = parse<typeof bulkOptions>(bulkOptions, options);
  if (to === undefined) throw new ConvertError('BAD_OPTION', `option to (undefined): ${whatToIs}`);
  return { ...bulkDefaults, ...others, to };
}
