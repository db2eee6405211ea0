import * as z from 'zod/mini';
import { _default as withDefault } from 'zod/mini';

import { callback, countFromOne, endpoint, parse, runOptions } from '../parse-options.ts';
import type { BulkProgress, ParsedBulkOptions } from './bulk-options.ts';

const atLeastOneCharacter = z.string().check(z.minLength(1));

const bulkOptions = z.strictObject({
  ...runOptions,
  to: z.union(
    [atLeastOneCharacter, z.extend(endpoint, { pattern: z.optional(atLeastOneCharacter) })],
    "expected an extension ('jsonl.gz'), a pattern ('{stem}.jsonl.gz') or { format, codec, … }",
  ),
  recursive: withDefault(z.boolean(), false),
  preserveDirs: withDefault(z.boolean(), false),
  concurrency: z.optional(countFromOne()),
  stopOnError: withDefault(z.boolean(), false),
  onExists: withDefault(z.enum(['overwrite', 'skip', 'error']), 'overwrite'),
  manifest: z.optional(z.union([atLeastOneCharacter, z.instanceof(URL)])),
  onProgress: callback<(progress: BulkProgress) => void>(),
});

/** @throws {ConvertError} `BAD_OPTION`, naming the option, its value and what is allowed. */
export const parseBulkOptions = (options: object): ParsedBulkOptions => parse(bulkOptions, options);
