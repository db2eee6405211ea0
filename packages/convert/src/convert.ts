import { FileSource } from './bytes-in.ts';
import { type ConvertOptions, parseOptions } from './options.ts';
import { makePlan, pathOf } from './plan.ts';
import type { ConversionResult } from './result.ts';
import { runPlan } from './run-plan.ts';

/**
 * Converts one file into another. Format and compression are told by content and name unless
 * `from` and `to` say them.
 *
 * With `atomic: true` the destination holds its old content, or does not exist, until the new
 * content is complete, checked and synced; whatever fails or is killed before leaves it so.
 *
 * @throws {ConvertError} with a code, a place and a hint. An abort throws the signal's reason.
 */
export async function convert(
  source: string | URL,
  destination: string | URL,
  options: ConvertOptions = {},
): Promise<ConversionResult> {
  const parsed = parseOptions(options);
  parsed.signal?.throwIfAborted();
  const file = await FileSource.open(pathOf(source));
  try {
    return await runPlan(await makePlan(file, destination, parsed), file);
  } finally {
    await file.close();
  }
}
