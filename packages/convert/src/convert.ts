import { type DestinationLike, refuseNothing } from './destination/open-destination.ts';
import type { ConvertOptions } from './options.ts';
import { parseOptions } from './parse-options.ts';
import type { ConversionResult } from './result.ts';
import { runPlan } from './run-plan.ts';
import type { Source } from './source/open-source.ts';

/** Rows a batch at most, where nobody needs them as objects. */
export const defaultBatchSize = 50_000;

/**
 * Converts one source into one destination. Format and compression are told by content and name
 * unless `from` and `to` say them.
 *
 * With `atomic: true` a destination file holds its old content, or does not exist, until the new
 * content is complete, checked and synced; whatever fails or is killed before leaves it so.
 * Streams and memory cannot be atomic, and the result says so.
 *
 * @throws {ConvertError} with a code, a place and a hint. An abort throws the signal's reason.
 */
export async function convert(
  source: Source,
  destination: DestinationLike,
  options: ConvertOptions = {},
): Promise<ConversionResult> {
  const parsed = parseOptions(options);
  refuseNothing(destination);
  return runPlan({
    source,
    destination,
    options: { ...parsed, batchSize: parsed.batchSize ?? defaultBatchSize },
  });
}
